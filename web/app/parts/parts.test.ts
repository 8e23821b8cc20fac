import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { csv } from './csv.ts'
import { duration, figure, fixed, large, percent } from './format.ts'
import { png } from './png.ts'

test.each([
  [figure(0), '0'],
  [figure(1), '1.000'],
  [figure(0.19467), '0.1947'],
  [figure(24.567), '24.57'],
  [figure(9998.9), '9999'],
  [figure(4.036e-5), '4.04 × 10⁻⁵'],
  [figure(12345), '1.23 × 10⁴'],
  [figure(Infinity), '∞'],
  [fixed(-43.94, 1), '−43.9'],
  [percent(0.4413), '44%'],
  [percent(0.0063), '0.6%'],
  [duration(40), '0.1 s'],
  [duration(12_400), '12 s'],
  [duration(168_000), '2 min 48 s'],
  [large(912_033), '912,033'],
  [large(1_250_000), '1.3 million'],
])('%s', (text, wanted) => {
  expect(text).toBe(wanted)
})

test('a PNG holds exactly the pixels that it was given', async () => {
  const data = Uint8ClampedArray.from({ length: 3 * 2 * 4 }, (_, i) => (i % 4 === 3 ? 255 : i * 11))
  const bytes = Buffer.from(await (await png({ width: 3, height: 2, data })).arrayBuffer())
  const length = bytes.readUInt32BE(33)
  expect(bytes.toString('latin1', 37, 41)).toBe('IDAT')
  const rows = inflateSync(bytes.subarray(41, 41 + length))
  const kept = [...data].filter((_, i) => i % 4 !== 3)
  expect([...rows]).toEqual([0, ...kept.slice(0, 9), 0, ...kept.slice(9)])
})

test('CSV quotes what would break its rows, and keeps all digits', async () => {
  const rows = [
    [1, 0.1 + 0.2, 'plain'],
    [-4e-7, Infinity, 'a "b", c'],
  ]
  const file = csv({ columns: ['t', 'x,y', 'words'], rows })
  expect(file.type).toBe('text/csv')
  expect(await file.text()).toBe('t,"x,y",words\r\n1,0.30000000000000004,plain\r\n-4e-7,Infinity,"a ""b"", c"\r\n')
})
