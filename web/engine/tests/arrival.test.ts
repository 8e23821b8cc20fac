import { afterEach, expect, test, vi } from 'vitest'
import type { Checkpoint } from '../../shared/engine.ts'
import { Queue } from '../../shared/queue.ts'
import { checkpoint, engine } from './support.ts'

afterEach(() => vi.unstubAllGlobals())

/** A checkpoint that comes when the test says. */
function slow(file = new Uint8Array(checkpoint()), size = file.length) {
  const queue = new Queue<Uint8Array<ArrayBuffer>>()
  const wanted = vi.fn()
  async function* pieces() {
    try {
      for (let piece = await queue.next(); piece; piece = await queue.next()) yield piece
    } finally {
      wanted()
    }
  }
  const source = async (): Promise<Checkpoint> => ({ size, pieces: pieces() })
  return { source, queue, file, nobodyWants: wanted }
}

const half = (file: Uint8Array<ArrayBuffer>) => [file.slice(0, file.length >> 1), file.slice(file.length >> 1)] as const

test('a model is opened as it arrives, and what is asked meanwhile waits for it', async () => {
  let [begun, opened] = [0, 0]
  const { engine: e } = await engine({
    tamper: (core) => {
      const load = core.load.bind(core)
      core.load = async (arrival) => {
        begun++
        const info = await load(arrival)
        opened++
        return info
      }
    },
  })
  const before = await e.load(checkpoint({ name: 'before' }))
  const { source, queue, file } = slow()
  const loading = e.load(source)
  const [first, second] = half(file)
  queue.push(first)
  await vi.waitFor(() => expect(begun).toBe(2))
  const told = e.parseRecipe('')
  await e.setPicture({ width: 1, height: 1, data: new Uint8Array(4) }) // another worker's
  expect([opened, e.model]).toEqual([1, before])
  queue.push(second)
  queue.end()
  const info = await loading
  expect(info.hash).not.toBe(before.hash)
  expect((await told).model).toBe(info.hash)
  e.close()
})

test('the core hashes where the browser does not, and to the same', async () => {
  const { engine: e } = await engine()
  const { hash } = await e.load(checkpoint())
  vi.stubGlobal('crypto', {})
  expect((await e.load(checkpoint())).hash).toBe(hash)
  e.close()
})

test('one that breaks off is told, and the one before stays', async () => {
  const { engine: e } = await engine()
  const before = await e.load(checkpoint({ name: 'before' }))
  const { source, queue, file } = slow()
  queue.push(half(file)[0])
  queue.fail(new Error('the cable was cut'))
  await expect(e.load(source)).rejects.toThrow('the cable was cut')
  expect((await e.parseRecipe('')).model).toBe(before.hash)
  expect((await e.load(checkpoint())).name).toBe('tiny')
  e.close()
})

test.each([
  ['shorter', -40, 'bytes only'],
  ['longer', 40, 'more bytes have come'],
])('one that comes %s than it was said to be is refused', async (_, by, message) => {
  const { engine: e } = await engine()
  const whole = new Uint8Array(checkpoint())
  const sent = new Uint8Array(whole.length + by)
  sent.set(whole.subarray(0, sent.length))
  const { source, queue } = slow(sent, whole.length)
  queue.push(sent)
  queue.end()
  await expect(e.load(source)).rejects.toMatchObject({ kind: 'corrupt', message: expect.stringContaining(message) })
  expect(e.model).toBeUndefined()
  expect((await e.load(checkpoint())).name).toBe('tiny')
  e.close()
})

test('what is no checkpoint is refused before the rest has come, which nobody wants then', async () => {
  const { engine: e } = await engine()
  const { source, queue, file, nobodyWants } = slow()
  file[9] = 0x21
  const loading = e.load(source)
  queue.push(half(file)[0])
  await expect(loading).rejects.toMatchObject({ kind: 'corrupt', message: expect.stringContaining('not valid JSON') })
  queue.push(half(file)[1])
  await vi.waitFor(() => expect(nobodyWants).toHaveBeenCalled())
  e.close()
})
