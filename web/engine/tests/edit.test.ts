import { describe, expect, test } from 'vitest'
import type { Engine, Pictures, RunOptions, Values } from '../../shared/engine.ts'
import { all, checkpoint, engine } from './support.ts'

const side = 12

async function loaded(): Promise<Engine> {
  const { engine: e } = await engine({ workers: 2 })
  await e.load(checkpoint())
  return e
}

async function drawn(e: Engine, recipe: string, options: RunOptions): Promise<Pictures> {
  return (await all(e.run(recipe, options))).at(-1)?.pictures.x as Pictures
}

const one = (pictures: Pictures, i: number) =>
  pictures.bytes.slice(i * side * side * pictures.channels, (i + 1) * side * side * pictures.channels)

/** A picture as values, and as the bytes that they are. */
const slope = (from: number): Values =>
  Float32Array.from({ length: side * side }, (_, i) => (from + (i >> 1)) / 127.5 - 1)
const bytes = (values: Values) => Uint8Array.from(values, (v) => Math.round((v + 1) * 127.5))

describe('an edit', () => {
  test('that fills keeps what is known to the level, and draws the rest anew for each image', async () => {
    const e = await loaded()
    const picture = slope(12)
    const known = Uint8Array.from(picture, (_, i) => (i % side < 6 ? 1 : 0))
    const recipe = 'sampler=ddpm&steps=4&classes=none&count=4&seed=2&resample=2&jump=1'
    const made = await drawn(e, recipe, { edit: { kind: 'fill', pictures: [picture], known } })
    const kept = (i: number) => one(made, i).filter((_, p) => known[p] === 1)
    for (let i = 0; i < 4; i++) expect(kept(i)).toEqual(bytes(picture).filter((_, p) => known[p] === 1))
    expect(one(made, 0)).not.toEqual(one(made, 3))
    e.close()
  })

  test('that varies at t = 1 is the picture, nearly, and at T another', async () => {
    const e = await loaded()
    const edit = { kind: 'vary', pictures: [slope(60)] } as const
    const off = async (start: number) => {
      const made = await drawn(e, `steps=1&start=${start}&classes=none&count=2`, { edit })
      return Math.max(...one(made, 1).map((v, p) => Math.abs(v - (bytes(edit.pictures[0])[p] as number))))
    }
    expect(await off(1)).toBeLessThan(12)
    expect(await off(1000)).toBeGreaterThan(40)
    e.close()
  })

  test('that blends goes from one picture to the other, whoever draws which part', async () => {
    const e = await loaded()
    const edit = { kind: 'blend', pictures: [slope(12), slope(120)] } as const
    const made = await drawn(e, 'steps=2&start=2&classes=none&count=5', { edit })
    const means = Array.from({ length: 5 }, (_, i) => one(made, i).reduce((sum, v) => sum + v, 0) / side ** 2)
    const rises = means.slice(1).map((mean, i) => mean - (means[i] as number))
    for (const rise of rises) expect(rise).toBeGreaterThan(20)
    e.close()
  })

  test('between what two pictures are encoded to ends at the pictures', async () => {
    const e = await loaded()
    const pictures = [slope(12), slope(90)] as const
    const recipe = 'sampler=ddim&eta=0&steps=40&start=300&classes=none&guidance=1&clip=0'
    const [a, b] = (await e.encode(`${recipe}&count=2`, pictures, { refine: 4 })) as [Values, Values]
    const made = await drawn(e, `${recipe}&count=3`, { edit: { kind: 'circle', pictures: [a, b] } })
    for (const [i, picture] of [
      [0, pictures[0]],
      [2, pictures[1]],
    ] as const) {
      const want = bytes(picture)
      for (const [p, v] of one(made, i).entries()) expect(Math.abs(v - (want[p] as number))).toBeLessThan(16)
    }
    e.close()
  })

  test('that cannot be is refused with what would be right', async () => {
    const e = await loaded()
    const edit = { kind: 'vary', pictures: [slope(120)] } as const
    await expect(all(e.run('steps=3', { edit }))).rejects.toMatchObject({ kind: 'invalid', subject: 'recipe' })
    await expect(
      all(e.run('steps=3&start=9', { edit: { kind: 'vary', pictures: [new Float32Array(5)] } })),
    ).rejects.toThrow(/20 bytes, want a multiple of 576/)
    await expect(e.encode('sampler=ddpm&steps=3&count=1', [slope(120)], { refine: 0 })).rejects.toThrow(/eta=0/)
    e.close()
  })
})

test('a picture is fitted to the model, and a digit to its place', async () => {
  const e = await loaded()
  const data = new Uint8ClampedArray(40 * 30 * 4)
  for (let y = 3; y < 9; y++) for (let x = 6; x < 9; x++) data.fill(255, (y * 40 + x) * 4, (y * 40 + x) * 4 + 4)
  const centre = (values: Values) => {
    let mass = 0
    let at = 0
    for (const [i, v] of values.entries()) {
      mass += (v + 1) / 2
      at += ((v + 1) / 2) * ((i % side) + 0.5)
    }
    return at / mass
  }
  expect(centre(await e.fit({ width: 40, height: 30, data }, false))).toBeLessThan(2)
  expect(centre(await e.fit({ width: 40, height: 30, data }, true))).toBeCloseTo(side / 2, 1)
  await expect(e.fit({ width: 2, height: 2, data: new Uint8ClampedArray(16) }, true)).rejects.toMatchObject({
    kind: 'invalid',
    subject: 'picture',
  })
  e.close()
})

describe('mistakes', () => {
  const recipe = 'sampler=ddpm&variance=beta&steps=6&seed=3&classes=0-2&count=3'

  test('none are the recipe itself; each makes other pictures from the same noise', async () => {
    const e = await loaded()
    const right = await drawn(e, recipe, {})
    expect((await drawn(e, recipe, { mistakes: [] })).bytes).toEqual(right.bytes)
    for (const mistake of ['range', 'clip', 'last', 'time', 'schedule', 'root'] as const) {
      expect((await drawn(e, recipe, { mistakes: [mistake] })).bytes, mistake).not.toEqual(right.bytes)
    }
    e.close()
  })

  test('run beside the right run, and neither is changed by the other', async () => {
    const e = await loaded()
    const alone = [await drawn(e, recipe, {}), await drawn(e, recipe, { mistakes: ['last'] })]
    const both = await Promise.all([drawn(e, recipe, {}), drawn(e, recipe, { mistakes: ['last'], beside: true })])
    expect(both.map(({ bytes }) => bytes)).toEqual(alone.map(({ bytes }) => bytes))
    // Without, the second ends the first.
    const first = drawn(e, recipe, {})
    const second = drawn(e, recipe, {})
    await expect(first).rejects.toMatchObject({ name: 'AbortError' })
    expect((await second).bytes).toEqual(alone[0]?.bytes)
    e.close()
  })
})

test('branches share their noise down to t, and image 0 is that of a run without', async () => {
  const e = await loaded()
  const recipe = 'sampler=ddpm&steps=6&seed=3&classes=1&count=3'
  const steps = await all(e.run(`${recipe}&branch=500`))
  for (const step of steps) {
    const x = step.pictures.x as Pictures
    if (step.t > 500) expect(one(x, 1)).toEqual(one(x, 0))
    else expect(one(x, 1)).not.toEqual(one(x, 0))
  }
  expect(one(steps.at(-1)?.pictures.x as Pictures, 0)).toEqual(one(await drawn(e, recipe, {}), 0))
  e.close()
})
