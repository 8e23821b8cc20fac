import { expect, test } from 'vitest'
import { Source } from '../worker/source.ts'

const size = (2 << 20) + 1000
const file = () => Uint8Array.from({ length: size }, (_, i) => i * 7).buffer

test('a file is taken, and read in any order and over the borders of its pieces', () => {
  const source = new Source()
  const taken = file()
  source.take(taken, false)
  expect(taken.byteLength).toBe(0)
  const read = new Uint8Array(size)
  for (const [from, to] of [
    [(2 << 20) - 10, (2 << 20) + 10],
    [0, (2 << 20) - 10],
    [(2 << 20) + 10, size],
  ] as const) {
    source.read(from, read.subarray(from, to))
  }
  expect(Buffer.from(read).equals(Buffer.from(file()))).toBe(true)
  expect(() => source.read(0, read.subarray(0, 1))).toThrow('byte 0 of the checkpoint is gone')
})

test('one that is read again stays until it is let go', () => {
  const source = new Source()
  source.take(file(), true)
  const read = new Uint8Array(size)
  for (let i = 0; i < 2; i++) source.read(0, read.fill(0))
  expect(Buffer.from(read).equals(Buffer.from(file()))).toBe(true)
  expect(() => source.read(size, read.subarray(0, 1))).toThrow(`byte ${size} of the checkpoint is gone, or never was`)
  source.clear()
  expect(() => source.read(0, read.subarray(0, 1))).toThrow('is gone')
})
