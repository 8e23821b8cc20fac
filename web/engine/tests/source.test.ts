import { expect, test } from 'vitest'
import { Source } from '../worker/source.ts'

const size = 3000
const file = () => Uint8Array.from({ length: size }, (_, i) => i * 7)
/** Pieces of different lengths, one of them empty. */
const borders = [0, 1, 700, 700, 1900, size]

/** A source to which the file has come as far as a border. */
function arrived(again: boolean, last = borders.length - 1): Source {
  const source = new Source()
  source.begin(again)
  for (let i = 0; i < last; i++) source.add(file().slice(borders[i], borders[i + 1]).buffer)
  return source
}

test('a file is read in any order and over the borders of its pieces', () => {
  const source = arrived(false)
  expect(source.length).toBe(size)
  const read = new Uint8Array(size)
  for (const [from, to] of [
    [690, 1910],
    [0, 690],
    [1910, size],
  ] as const) {
    source.read(from, read.subarray(from, to))
  }
  expect(read).toEqual(file())
  expect(() => source.read(0, read.subarray(0, 1))).toThrow('byte 0 of the checkpoint is gone')
})

test('what has come of it is taken from whoever had it, and let go when it was read', () => {
  const source = new Source()
  source.begin(false)
  const piece = file().buffer
  source.add(piece)
  source.read(0, new Uint8Array(size))
  expect(piece.byteLength).toBe(0)
})

test('what has not come yet cannot be read', () => {
  const source = arrived(false, 4)
  expect(source.length).toBe(1900)
  source.read(1890, new Uint8Array(10))
  expect(() => source.read(1880, new Uint8Array(21))).toThrow('byte 1900 of the checkpoint is gone, or never was')
})

test('one that is read again stays until it is let go', () => {
  const source = arrived(true)
  const read = new Uint8Array(size)
  for (let i = 0; i < 2; i++) source.read(0, read.fill(0))
  expect(read).toEqual(file())
  expect(() => source.read(size, read.subarray(0, 1))).toThrow(`byte ${size} of the checkpoint is gone, or never was`)
  source.clear()
  expect(source.length).toBe(0)
  expect(() => source.read(0, read.subarray(0, 1))).toThrow('is gone')
})
