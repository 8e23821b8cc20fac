// Serves the benchmark's page twice: under /isolated/ with the headers that give a page shared memory, which the
// peers' threads need, and under /plain/ without, as most static hosts do.

import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Folders by the first part of a path; the page's own has none. */
const folders: Readonly<Record<string, string>> = {
  ort: here('../node_modules/onnxruntime-web/dist'),
  tfjs: here('../node_modules/@tensorflow/tfjs-backend-wasm/dist'),
  nets: here('../build'),
}
const page = here('../dist')
const files: Readonly<Record<string, string>> = {
  'engine.wasm': here('../../build/engine.wasm'),
  'bench.wasm': here('../build/bench.wasm'),
}
/** Files that were asked for: reading them again, piece by piece, is not what is measured. */
const held = new Map<string, Promise<Buffer | undefined>>()

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
}

export interface Site {
  readonly url: string
  /** What the next page to be opened has to say. */
  report(): Promise<string>
  close(): Promise<void>
}

export async function serve(): Promise<Site> {
  let listener: ((told: string) => void) | undefined
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (request.method === 'POST') {
      const told = (await request.toArray()).join('')
      response.writeHead(204).end()
      listener?.(told)
      return
    }
    const [, kind, ...rest] = pathname.split('/')
    const isolation = kind === 'isolated' ? isolated : {}
    const path = locate(rest)
    const file = path === undefined ? undefined : await content(path)
    if (!path || !file || (kind !== 'isolated' && kind !== 'plain')) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, {
      'Content-Type': types[extname(path)] ?? 'application/octet-stream',
      'Content-Length': file.length,
      ...isolation,
    })
    response.end(file)
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    report: () => new Promise((resolve) => (listener = resolve)),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function content(path: string): Promise<Buffer | undefined> {
  const file = held.get(path) ?? readFile(path).catch(() => undefined)
  held.set(path, file)
  return file
}

const isolated = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

function locate(parts: readonly string[]): string | undefined {
  if (parts.includes('..')) return undefined
  const [first = '', ...rest] = parts
  const folder = folders[first]
  if (folder) return join(folder, ...rest)
  return files[first] ?? join(page, ...(first === '' ? ['index.html'] : parts))
}
