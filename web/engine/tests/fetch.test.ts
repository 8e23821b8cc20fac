import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Checkpoint } from '../../shared/engine.ts'
import { compile, fetchModel } from '../client/fetch.ts'
import { openEngine } from '../client/open.ts'
import { hasSIMD } from '../client/simd.ts'

/** The first worker starts while the module is on its way; Node has no such Worker. */
const terminated = vi.fn()
beforeEach(() => {
  terminated.mockClear()
  vi.stubGlobal('location', new URL(import.meta.url))
  vi.stubGlobal(
    'Worker',
    class {
      terminate = terminated
    },
  )
})
afterEach(() => vi.unstubAllGlobals())

const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
const answers = (body: BodyInit, init?: ResponseInit) => vi.stubGlobal('fetch', async () => new Response(body, init))

test('a module is compiled, whatever the server says it is', async () => {
  answers(empty, { headers: { 'Content-Type': 'application/octet-stream' } })
  expect(await compile('engine.wasm')).toBeInstanceOf(WebAssembly.Module)
})

test.each([
  ['a page in its place', new TextEncoder().encode('<!doctype html>')],
  ['one cut short', Uint8Array.of(0, 0x61, 0x73)],
])('%s is corrupt', async (_, bytes) => {
  answers(bytes)
  await expect(openEngine()).rejects.toMatchObject({ name: 'EngineError', kind: 'corrupt', subject: 'engine' })
  expect(terminated).toHaveBeenCalledTimes(1)
})

test('a file that is not there is missing', async () => {
  answers('no', { status: 404, statusText: 'Not Found' })
  await expect(openEngine()).rejects.toMatchObject({
    kind: 'missing',
    subject: 'engine',
    message: expect.stringContaining('404'),
  })
  await expect(fetchModel('digits.safetensors')()).rejects.toMatchObject({ kind: 'missing', subject: 'model' })
})

test('so is one that cannot be reached', async () => {
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('Failed to fetch')
  })
  await expect(openEngine()).rejects.toMatchObject({ kind: 'missing', subject: 'engine' })
  await expect(fetchModel('digits.safetensors')()).rejects.toMatchObject({ kind: 'missing', subject: 'model' })
})

test('a checkpoint is fetched at once, then as the browser keeps it', async () => {
  const fetch = vi.fn(async (_url: string, _options: RequestInit) => new Response(empty))
  vi.stubGlobal('fetch', fetch)
  const source = fetchModel('digits.safetensors')
  expect(fetch).toHaveBeenCalledTimes(1)
  for (let i = 0; i < 2; i++) expect(await whole(await source())).toEqual([...empty])
  expect(fetch.mock.calls.map(([, { cache }]) => cache)).toEqual(['default', 'force-cache'])
})

/** A response as browsers give it, which Node does not make. */
function response(body: BodyInit, headers: Record<string, string>, type: ResponseType = 'basic'): Response {
  return Object.defineProperty(new Response(body, { headers }), 'type', { value: type })
}

test.each([
  ['what the server says', response(empty, { 'Content-Length': '8' }), 8],
  ['what has come, if it was packed', response(empty, { 'Content-Length': '5', 'Content-Encoding': 'br' }), 8],
  ['what has come, if another origin does not say so', response(empty, { 'Content-Length': '5' }, 'cors'), 8],
  ['what has come, if the server does not say', response(empty, {}), 8],
])('a checkpoint is as long as %s', async (_, answer, size) => {
  vi.stubGlobal('fetch', async () => answer)
  const file = await fetchModel('digits.safetensors')()
  expect(file.size).toBe(size)
  expect(await whole(file)).toEqual([...empty])
})

test('a checkpoint is read before anybody takes it, and what breaks off is told to who does', async () => {
  const pulled = vi.fn()
  const broken = new ReadableStream({
    pull(controller) {
      pulled()
      if (pulled.mock.calls.length < 3) controller.enqueue(empty)
      else controller.error(new TypeError('network error'))
    },
  })
  vi.stubGlobal('fetch', async () => response(broken as BodyInit, { 'Content-Length': '99' }))
  const source = fetchModel('digits.safetensors')
  await vi.waitFor(() => expect(pulled).toHaveBeenCalledTimes(3))
  await expect(whole(await source())).rejects.toMatchObject({ kind: 'missing', subject: 'model' })
})

async function whole({ pieces }: Checkpoint): Promise<number[]> {
  const bytes: number[] = []
  for await (const piece of pieces) bytes.push(...piece)
  return bytes
}

test('a browser without WebAssembly is told so', async () => {
  vi.stubGlobal('WebAssembly', undefined)
  await expect(openEngine()).rejects.toMatchObject({ kind: 'unsupported' })
})

test('a browser that refuses workers is told so', async () => {
  vi.stubGlobal('Worker', undefined)
  await expect(openEngine()).rejects.toMatchObject({ kind: 'unsupported', subject: 'worker' })
})

test('the SIMD build is chosen where there is SIMD', () => {
  expect(hasSIMD()).toBe(true)
  vi.stubGlobal('WebAssembly', { validate: () => false })
  expect(hasSIMD()).toBe(false)
})
