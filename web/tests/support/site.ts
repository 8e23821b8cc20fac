import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const built = fileURLToPath(new URL('../../dist', import.meta.url))

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
}

/**
 * Serves the built page, or another folder, as GitHub Pages would: from a sub-path, for any origin, without other
 * headers. Tests have files as they are, always anew; `asPages` compresses them and has them kept for ten minutes.
 */
export async function serve(
  folder = built,
  { asPages = false } = {},
): Promise<{ url: string; close: () => Promise<void> }> {
  const base = '/a/sub-path/'
  const server: Server = createServer((request, response) => {
    void (async () => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost')
      const name = pathname === base ? 'index.html' : pathname.slice(base.length)
      try {
        if (!pathname.startsWith(base) || name.includes('..')) throw new Error('not ours')
        const body = await readFile(`${folder}/${name}`)
        const type = types[extname(name)] ?? 'application/octet-stream'
        const headers = { 'Content-Type': type, 'Access-Control-Allow-Origin': '*' }
        if (asPages) {
          const packed = { 'Content-Encoding': 'gzip', 'Cache-Control': 'max-age=600' }
          response.writeHead(200, { ...headers, ...packed }).end(compressed(name, body))
        } else response.writeHead(200, headers).end(body)
      } catch {
        response.writeHead(404).end()
      }
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}${base}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

const packed = new Map<string, Buffer>()

/** Compressing takes longer than sending, so it is done once. */
function compressed(name: string, body: Buffer): Buffer {
  const made = packed.get(name) ?? gzipSync(body)
  packed.set(name, made)
  return made
}
