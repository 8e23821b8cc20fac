import { expect, test } from 'vitest'
import type { ModelInfo } from '../../shared/engine.ts'
import { initial } from '../state/table.ts'
import { fit, usual } from './fit.ts'

const model = {
  hash: '0123456789ab',
  name: 'avatars',
  classes: ['short hair', 'long hair'],
  timesteps: 1000,
  recipe: 'sampler=unipc&steps=20&guidance=3&interval=1-500',
} as unknown as ModelInfo

/** No link gave anything. */
const nothing = () => false

test('a network brings its recipe, and where guidance acts only with its own weight of guidance', () => {
  const usual = { sampler: 'unipc', steps: 20, guidance: 3, interval: '1-500' }
  expect(fit(initial(), model, nothing)).toMatchObject({ patch: usual, faults: [] })
  const { patch } = fit({ ...initial(), guidance: 5 }, model, nothing)
  expect(patch).toMatchObject({ sampler: 'unipc', steps: 20 })
  expect(patch).not.toHaveProperty('interval')
  const beyond = fit({ ...initial(), model: model.hash, interval: '2000-3000' }, model, nothing)
  expect(beyond).toMatchObject({
    patch: { interval: '' },
    faults: [{ key: 'interval', given: '2000-3000', wanted: '1-1000' }],
  })
  const late = fit({ ...initial(), model: model.hash, spacing: 'quadratic:1000' }, model, nothing)
  expect(late).toMatchObject({
    patch: { spacing: 'quadratic' },
    faults: [{ key: 'spacing', given: 'quadratic:1000', used: 'quadratic', wanted: 'quadratic:1–999' }],
  })
  expect(fit({ ...initial(), interval: '1-700' }, model, nothing).patch).not.toHaveProperty('interval')
})

test('what a link gave stays, though it is what the page begins with', () => {
  const noisy = { ...model, recipe: 'sampler=dpmpp&steps=20&eta=1&guidance=3' }
  const usual = fit(initial(), noisy, nothing).patch
  expect(usual).toMatchObject({ sampler: 'dpmpp', eta: 1, steps: 20 })
  const { patch } = fit(initial(), noisy, (key) => key === 'sampler')
  expect(patch).not.toHaveProperty('sampler')
  expect(patch).not.toHaveProperty('eta')
  expect(patch).toMatchObject({ steps: 20, guidance: 3 })
})

test('what is usual is known before the network is there, and what is chosen meanwhile stays', () => {
  const before = { ...initial(), ...usual(initial(), model, nothing) }
  expect(before).toMatchObject({ model: model.hash, sampler: 'unipc', steps: 20, guidance: 3, interval: '1-500' })
  // As the page begins, which would look as if nothing had been chosen.
  const chosen = { ...before, sampler: 'ddim' as const, guidance: 1, interval: '' }
  const { patch, faults } = fit(chosen, { ...model, timesteps: 1000, classes: ['a', 'b'] }, nothing)
  expect(patch).toEqual({ classes: '0-1' })
  expect(faults).toEqual([])
})
