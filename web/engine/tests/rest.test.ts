import { expect, test } from 'vitest'
import { all, checkpoint, engine, picture } from './support.ts'

const recipe = 'sampler=ddim&steps=2&seed=7&count=4'

test('an engine at rest has no workers, and goes on with what it held', async () => {
  const { engine: e, living } = await engine({ workers: 2 })
  const info = await e.load(checkpoint())
  await e.setPicture(picture(8, 8))
  const request = { schedule: 'linear', t: 300, seed: 1 } as const
  const noised = await e.noise(request)
  const draw = async () => (await all(e.run(recipe))).map(({ pictures }) => pictures)
  const drawn = await draw()
  expect(living()).toBe(3)

  e.rest()
  e.rest()
  expect(living()).toBe(0)
  expect(e.model).toEqual(info)
  expect(await e.noise(request)).toEqual(noised)
  expect(living()).toBe(1)
  expect(await draw()).toEqual(drawn)
  expect(living()).toBe(3)
  e.close()
  expect(living()).toBe(0)
})

test('what is under way when it is put to rest ends with an AbortError', async () => {
  const { engine: e, living } = await engine({ workers: 2 })
  const loading = e.load(checkpoint())
  e.rest()
  await expect(loading).rejects.toMatchObject({ name: 'AbortError' })
  expect(e.model).toBeUndefined()

  await e.load(checkpoint())
  const steps = e.run(recipe)
  await steps.next()
  e.rest()
  await expect(all(steps)).rejects.toMatchObject({ name: 'AbortError' })
  expect(living()).toBe(0)
  expect(await all(e.run(recipe))).toHaveLength(2)
  e.close()
})

test('a closed engine does not wake', async () => {
  const { engine: e, living } = await engine()
  e.close()
  e.rest()
  await expect(e.schedule('linear')).rejects.toMatchObject({ name: 'AbortError' })
  expect(living()).toBe(0)
})
