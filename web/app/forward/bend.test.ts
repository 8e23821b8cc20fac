import { expect, test } from 'vitest'
import { bendProp, limits, moved, straight } from './bend.ts'

const { parse, format, initial } = bendProp('bend')

test('points come back as they were written', () => {
  for (const text of [straight, '12,0,-12', '3.2,3.1,3,-4.7,-4.8,-12']) {
    expect(parse(text)).toEqual({ value: text })
    expect(format(parse(text).value)).toBe(text)
  }
  expect(initial).toBe(straight)
})

test.each([
  ['13,0,-99', '12,0,-12'],
  ['1,2,3', '1,0.9,0.8'],
  ['-12,-12,-12', '-11.8,-11.9,-12'],
  ['9,0.26,-9', '9,0.3,-9'],
  ['9,-9', straight],
  ['9,8,7,6,5,4,3,2,1,0', straight],
  ['9,x,-9', straight],
  ['9,,-9', straight],
  ['', straight],
])('%s is told, and the nearest that falls is used', (text, value) => {
  expect(parse(text)).toMatchObject({ value, wanted: expect.stringContaining('-12') })
  expect(parse(value)).toEqual({ value })
})

test('a point moves between its neighbours', () => {
  expect(limits(straight, 0)).toEqual([4.6, 12])
  expect(limits(straight, 2)).toEqual([-4.4, 4.4])
  expect(limits(straight, 4)).toEqual([-12, -4.6])
  expect(moved(straight, 2, 1.234)).toBe('9,4.5,1.2,-4.5,-9')
  expect(moved(straight, 2, 99)).toBe('9,4.5,4.4,-4.5,-9')
  expect(moved(straight, 2, -99)).toBe('9,4.5,-4.4,-4.5,-9')
  expect(moved(moved(straight, 3, 99), 2, -0.04)).toBe('9,4.5,0,-0.1,-9')
})
