import { afterEach, beforeEach, expect, test, vi } from 'vitest'
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
  for (const file of [await source(), await source()]) expect(new Uint8Array(file)).toEqual(empty)
  expect(fetch.mock.calls.map(([, { cache }]) => cache)).toEqual(['default', 'force-cache'])
})

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
