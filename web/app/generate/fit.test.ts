import { expect, test } from 'vitest'
import type { ModelInfo } from '../../shared/engine.ts'
import { initial } from '../state/table.ts'
import { fit } from './fit.ts'

const model = {
  hash: '0123456789ab',
  name: 'avatars',
  classes: ['short hair', 'long hair'],
  timesteps: 1000,
  recipe: 'sampler=unipc&steps=20&guidance=3&interval=1-500',
} as unknown as ModelInfo

test('a network brings its recipe, and where guidance acts only with its own weight of guidance', () => {
  const usual = { sampler: 'unipc', steps: 20, guidance: 3, interval: '1-500' }
  expect(fit(initial(), model)).toMatchObject({ patch: usual, faults: [] })
  const { patch } = fit({ ...initial(), guidance: 5 }, model)
  expect(patch).toMatchObject({ sampler: 'unipc', steps: 20 })
  expect(patch).not.toHaveProperty('interval')
  const beyond = fit({ ...initial(), model: model.hash, interval: '2000-3000' }, model)
  expect(beyond).toMatchObject({
    patch: { interval: '' },
    faults: [{ key: 'interval', given: '2000-3000', wanted: '1-1000' }],
  })
  expect(fit({ ...initial(), interval: '1-700' }, model).patch).not.toHaveProperty('interval')
})
