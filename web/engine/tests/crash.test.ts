import { expect, test } from 'vitest'
import type { EngineError } from '../../shared/errors.ts'
import { all, checkpoint, engine, picture, trap } from './support.ts'

const recipe = 'sampler=ddim&steps=4&seed=7&count=6'

test.each([1, 2])('a trap in a step is told, and a fresh worker takes over (%i workers)', async (workers) => {
  const crashes: EngineError[] = []
  const { engine: e, spawned } = await engine({
    workers,
    onCrash: (error) => crashes.push(error),
    tamper: (core, number) => {
      if (number !== workers) return
      const step = core.step.bind(core)
      let left = 3
      core.step = (run) => (left-- === 0 ? trap(core) : step(run))
    },
  })
  const before = await e.load(checkpoint())
  await expect(all(e.run(recipe))).rejects.toMatchObject({
    name: 'EngineError',
    kind: 'crashed',
    message: expect.stringContaining('engine: Free of a pointer'),
  })
  expect(crashes).toHaveLength(1)
  expect(spawned()).toBe(workers + 1)

  expect(e.model).toEqual(before)
  expect(await all(e.run(recipe))).toHaveLength(4)
  expect(crashes).toHaveLength(1)
  e.close()
})

test('a trap in the picture’s worker leaves the run alone, and the picture comes back', async () => {
  let armed = false
  const { engine: e } = await engine({
    tamper: (core) => {
      const noise = core.noise.bind(core)
      core.noise = (...args) => (armed ? trap(core) : noise(...args))
    },
  })
  await e.load(checkpoint())
  await e.setPicture(picture(8, 8))
  const request = { schedule: 'linear', t: 300, seed: 1 } as const
  const before = await e.noise(request)

  const run = all(e.run(recipe))
  armed = true
  await expect(e.noise(request)).rejects.toMatchObject({ kind: 'crashed' })
  armed = false
  expect(await e.noise(request)).toEqual(before)
  expect(await run).toHaveLength(4)
  e.close()
})

test('every call that was under way is told', async () => {
  const { engine: e } = await engine({
    tamper: (core, number) => {
      if (number === 1) core.predict = () => trap(core)
    },
  })
  await e.load(checkpoint())
  const x = new Float32Array(144)
  const results = await Promise.allSettled([e.predict(x, 1, 0), e.schedule('linear'), e.parseRecipe('')])
  for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: { kind: 'crashed' } })
  expect((await e.schedule('linear')).alphaBar).toHaveLength(1001)
  expect(await e.predict(x, 1, 0)).toHaveLength(144)
  e.close()
})

test('a model that kills every engine is given up, not tried for ever', async () => {
  let loads = 0
  const { engine: e, spawned } = await engine({
    tamper: (core) => {
      const load = core.load.bind(core)
      core.load = (file) => (++loads > 1 ? trap(core) : load(file))
      core.predict = () => trap(core)
    },
  })
  await e.load(checkpoint())
  await expect(e.predict(new Float32Array(144), 1, 0)).rejects.toMatchObject({ kind: 'crashed' })
  await expect(e.parseRecipe('')).rejects.toMatchObject({ kind: 'crashed' })
  expect(spawned()).toBe(3)
  expect(e.model).toBeUndefined()
  expect((await e.schedule('linear')).alphaBar).toHaveLength(1001) // it works, without the model
  e.close()
})

test('a worker that cannot start again is tried anew at the next call', async () => {
  let broken = false
  const { engine: e } = await engine({
    tamper: (core) => {
      if (broken) trap(core)
      core.predict = () => {
        broken = true
        return trap(core)
      }
    },
  })
  await expect(e.predict(new Float32Array(1), 1, 0)).rejects.toMatchObject({ kind: 'crashed' })
  await expect(e.schedule('linear')).rejects.toMatchObject({ name: 'EngineError' })
  broken = false
  expect((await e.schedule('linear')).alphaBar).toHaveLength(1001)
  e.close()
})

test('a module that cannot start rejects instead of hanging', async () => {
  const opened = engine({
    tamper: (core) => trap(core),
  })
  await expect(opened).rejects.toMatchObject({ name: 'EngineError', subject: 'engine' })
})
