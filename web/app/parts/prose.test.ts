import { expect, test } from 'vitest'
import { spoken } from './prose.ts'

test('symbols are read without their braces', () => {
  expect(spoken('L_{t−1} and x_t, p_θ; L_{simple}. a_b’s')).toBe('L t−1 and x t, p θ; L simple. a b’s')
  expect(spoken('x₀ and x̂₀')).toBe('x 0 and x̂ 0')
  expect(spoken('nothing to set, not even t = 5')).toBe('nothing to set, not even t = 5')
})
