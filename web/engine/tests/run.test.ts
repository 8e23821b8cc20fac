import { describe, expect, test } from 'vitest'
import type { Pictures, RunStep } from '../../shared/engine.ts'
import { rgba } from '../../shared/pictures.ts'
import { all, checkpoint, engine, source, type SetUp } from './support.ts'

const recipe = 'sampler=ddim&steps=5&seed=7&classes=0-2&count=9'

async function loaded(set: SetUp = {}) {
  const { engine: e } = await engine(set)
  await e.load(checkpoint())
  return e
}

const last = (steps: RunStep[]): Pictures => steps.at(-1)?.pictures.x as Pictures

describe('a model', () => {
  test('tells what it is', async () => {
    const e = await loaded()
    expect(e.model).toMatchObject({
      name: 'tiny',
      imageSize: 12,
      channels: 1,
      classes: ['nought', 'one', 'two'],
      schedule: 'cosine',
      timesteps: 1000,
      prediction: 'eps',
      metadata: { data: 'none' },
    })
    expect(e.model?.hash).toMatch(/^[0-9a-f]{12}$/)
    expect(e.model?.parameters).toBeGreaterThan(1000)
    e.close()
  })

  test('is taken as a file, a buffer or a part of one, which stay as they are', async () => {
    const { engine: e } = await engine()
    const file = checkpoint()
    const view = new Uint8Array(file.byteLength + 16).subarray(16)
    view.set(new Uint8Array(file))
    const { hash } = await e.load(file)
    expect((await e.load(new Blob([file]))).hash).toBe(hash)
    expect((await e.load(view)).hash).toBe(hash)
    expect(new Uint8Array(file)).toEqual(view)
    expect(new Uint8Array(checkpoint())).toEqual(view)
    e.close()
  })

  test('that has become another by the time that a second worker reads it is told', async () => {
    const { engine: e, spawned, living } = await engine({ workers: 2 })
    let reads = 0
    await e.load(source(() => checkpoint(reads++ === 1 ? { name: 'another' } : {})))
    const all = async () => {
      for await (const step of e.run('steps=1&count=4&guidance=1')) void step
    }
    await expect(all()).rejects.toMatchObject({ kind: 'corrupt', subject: 'model' })
    expect(reads).toBe(2)
    // It is tried again, by a fresh worker in place of the one that would have shared the run.
    await all()
    expect([spawned(), living()]).toEqual([3, 2])
    e.close()
    expect(living()).toBe(0)
  })

  test('whose file can no longer be read is told, and the one before stays', async () => {
    const e = await loaded()
    const before = e.model
    const gone = new Blob([checkpoint()])
    gone.stream = () =>
      new ReadableStream({ start: (c) => c.error(new DOMException('The file has changed.', 'NotReadableError')) })
    await expect(e.load(gone)).rejects.toMatchObject({ kind: 'missing', subject: 'model' })
    expect(e.model).toEqual(before)
    e.close()
  })

  test('that is no checkpoint is refused, and the one before stays', async () => {
    const e = await loaded()
    const before = e.model
    await expect(e.load(new Uint8Array(100))).rejects.toMatchObject({
      name: 'EngineError',
      kind: 'corrupt',
      subject: 'model',
    })
    const cut = new Uint8Array(checkpoint()).slice(0, -40)
    await expect(e.load(cut)).rejects.toMatchObject({ kind: 'corrupt', subject: 'model' })
    expect(e.model).toBe(before)
    expect(await all(e.run(recipe))).toHaveLength(5)
    e.close()
  })
})

describe('a recipe', () => {
  test('is given its defaults and its canonical text', async () => {
    const e = await loaded()
    const parsed = await e.parseRecipe('seed=18446744073709551615&count=3')
    expect(parsed).toMatchObject({ model: e.model?.hash, seed: '18446744073709551615', count: 3, classes: [0, 1, 2] })
    expect(await e.parseRecipe(parsed.text)).toEqual(parsed)
    e.close()
  })

  test.each(['steps=0', 'sampler=magic', 'count=100000', 'classes=7', 'model=000000000000', 'colour=red'])(
    'with %s is refused',
    async (text) => {
      const e = await loaded()
      await expect(e.parseRecipe(text)).rejects.toMatchObject({ kind: 'invalid', subject: 'recipe' })
      await expect(all(e.run(text))).rejects.toMatchObject({ kind: 'invalid', subject: 'recipe' })
      expect(await all(e.run(recipe))).toHaveLength(5)
      e.close()
    },
  )

  test('needs a model', async () => {
    const { engine: e } = await engine()
    await expect(e.parseRecipe(recipe)).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('no model'),
    })
    e.close()
  })
})

describe('a run', () => {
  test('yields every step whole', async () => {
    const e = await loaded()
    const shares: number[] = []
    const steps = await all(e.run(recipe, { onProgress: ({ share }) => shares.push(share) }))
    expect(steps.map((s) => s.index)).toEqual([1, 2, 3, 4, 5])
    expect(steps.map((s) => s.of)).toEqual([5, 5, 5, 5, 5])
    const ts = steps.map((s) => s.t)
    expect(ts[0]).toBe(1000)
    expect(ts).toEqual([...ts].sort((a, b) => b - a))
    for (const { pictures } of steps) {
      for (const plane of [pictures.x, pictures.x0]) {
        expect(plane).toMatchObject({ count: 9, width: 12, height: 12, channels: 1 })
        expect(plane?.bytes).toHaveLength(9 * 144)
      }
      expect(pictures.eps).toBeUndefined()
    }
    expect(steps.at(-1)?.remaining).toBe(0)
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
    e.close()
  })

  test('ends where x is the predicted x0', async () => {
    const e = await loaded()
    const end = (await all(e.run(recipe))).at(-1)?.pictures
    expect(end?.x?.bytes).toEqual(end?.x0?.bytes)
    e.close()
  })

  test('is the same again, and for any number of workers', async () => {
    const one = await loaded()
    const first = await all(one.run(recipe))
    expect(last(await all(one.run(recipe)))).toEqual(last(first))
    for (const workers of [2, 3]) {
      const many = await loaded({ workers })
      const steps = await all(many.run(recipe))
      expect(steps.map((s) => s.pictures)).toEqual(first.map((s) => s.pictures))
      many.close()
    }
    one.close()
  })

  test('differs by seed and by image', async () => {
    const e = await loaded()
    const a = last(await all(e.run(recipe)))
    const b = last(await all(e.run(recipe.replace('seed=7', 'seed=8'))))
    expect(a.bytes).not.toEqual(b.bytes)
    expect(rgba(a, 0).data).not.toEqual(rgba(a, 3).data) // both of class 0
    e.close()
  })

  test('gives the planes asked for', async () => {
    const e = await loaded()
    for await (const { pictures } of e.run(recipe, { planes: ['eps'] })) {
      expect(Object.keys(pictures)).toEqual(['eps'])
    }
    e.close()
  })

  test('is the same in the build without SIMD, within one level', async () => {
    const simd = await loaded()
    const plain = await loaded({ build: 'plain' })
    const a = last(await all(simd.run(recipe)))
    const b = last(await all(plain.run(recipe)))
    const worst = a.bytes.reduce((most, v, i) => Math.max(most, Math.abs(v - (b.bytes[i] as number))), 0)
    expect(worst).toBeLessThanOrEqual(1)
    simd.close()
    plain.close()
  })
})

describe('cancelling', () => {
  const long = 'sampler=ddpm&steps=1000&count=8&seed=1'

  test.each([1, 3])('ends a run within a step, with %i workers', async (workers) => {
    const e = await loaded({ workers })
    const stop = new AbortController()
    const seen: number[] = []
    const run = (async () => {
      for await (const step of e.run(long, { signal: stop.signal })) {
        seen.push(step.index)
        if (step.index === 3) stop.abort()
      }
    })()
    await expect(run).rejects.toMatchObject({ name: 'AbortError' })
    expect(seen).toEqual([1, 2, 3])
    expect(await all(e.run(recipe))).toHaveLength(5)
    e.close()
  })

  test('before it begins', async () => {
    const e = await loaded()
    await expect(all(e.run(long, { signal: AbortSignal.abort() }))).rejects.toMatchObject({ name: 'AbortError' })
    e.close()
  })

  test('stops the worker, not only the page', async () => {
    let stepped = 0
    const e = await loaded({
      tamper: (core) => {
        const step = core.step.bind(core)
        core.step = (run) => {
          stepped++
          return step(run)
        }
      },
    })
    for await (const step of e.run(long)) if (step.index === 2) break
    await e.parseRecipe('') // the cancel went before
    const before = stepped
    await e.parseRecipe('')
    await e.parseRecipe('')
    expect(stepped).toBe(before)
    expect(stepped).toBeLessThan(20)
    e.close()
  })

  test('by another run', async () => {
    const e = await loaded()
    const first = e.run(long)
    await first.next()
    expect(await all(e.run(recipe))).toHaveLength(5)
    await expect(all(first)).rejects.toMatchObject({ name: 'AbortError' })
    e.close()
  })

  test('by closing the engine', async () => {
    const e = await loaded()
    const run = e.run(long)
    await run.next()
    e.close()
    await expect(all(run)).rejects.toMatchObject({ name: 'AbortError' })
    await expect(e.parseRecipe('')).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('predict', () => {
  test('gives one evaluation of the network', async () => {
    const e = await loaded()
    const x = Float32Array.from({ length: 144 }, (_, i) => Math.sin(i))
    const one = await e.predict(x, 500, 1)
    expect(one).toHaveLength(144)
    expect(await e.predict(x, 500, 1)).toEqual(one)
    expect(await e.predict(x, 500, -1)).not.toEqual(one)
    await expect(e.predict(x.subarray(1), 500, 1)).rejects.toMatchObject({ kind: 'invalid' })
    await expect(e.predict(x, 0, 1)).rejects.toMatchObject({ kind: 'invalid' })
    e.close()
  })
})
