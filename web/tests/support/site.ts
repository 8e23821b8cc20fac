import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

const built = fileURLToPath(new URL('../../dist', import.meta.url))

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
}

/** Serves the built page, or another folder, as GitHub Pages would: from a sub-path, for any origin, without other headers. */
export async function serve(folder = built): Promise<{ url: string; close: () => Promise<void> }> {
  const base = '/a/sub-path/'
  const server: Server = createServer((request, response) => {
    void (async () => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost')
      const name = pathname === base ? 'index.html' : pathname.slice(base.length)
      try {
        if (!pathname.startsWith(base) || name.includes('..')) throw new Error('not ours')
        const body = await readFile(`${folder}/${name}`)
        const type = types[extname(name)] ?? 'application/octet-stream'
        response.writeHead(200, { 'Content-Type': type, 'Access-Control-Allow-Origin': '*' }).end(body)
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
