import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandLine, expectHosted, recipe, root } from './support/hosted.ts'
import { type Workerd, workerd } from './support/workerd.ts'

// The site as a Cloudflare Worker, in workerd, the runtime that Cloudflare has.

let command: ReturnType<typeof commandLine>
let site: Workerd
/** A script of the page, whose name has its hash. */
let script: string

beforeAll(async () => {
  command = commandLine()
  site = await workerd()
  script = /assets\/index-[^"]+\.js/.exec(await (await fetch(site.url)).text())?.[0] ?? ''
}, 300_000)

afterAll(async () => {
  await site.close()
  command.remove()
})

/** Asks on a connection of its own, for an address that is sent as it is. */
function ask(path: string, options: { method?: string; headers?: Record<string, string> } = {}) {
  const { hostname, port } = new URL(site.url)
  return new Promise<{ status: number; headers: Record<string, string | string[] | undefined>; body: Buffer }>(
    (resolve, reject) => {
      const request = get({ agent: false, hostname, port, path, ...options }, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
        )
        response.on('error', reject)
      })
      request.on('error', reject)
      request.setTimeout(60_000, () => request.destroy(new Error(`no answer to ${path}`)))
    },
  )
}

test('opens in a browser, noises and draws', () => expectHosted(`${site.url}/`, command), 120_000)

test('fits the smallest plan', () => {
  const module = gzipSync(readFileSync(join(root, 'wasm/edge/build/app.wasm')), { level: 9 })
  expect(module.length).toBeLessThan(3e6 - 20e3) // the scripts are the rest
})

describe('a file', () => {
  test('has its type, is kept as long as it may be, and is run under a strict policy', async () => {
    const page = await ask('/')
    expect(page.headers['content-type']).toMatch(/^text\/html/)
    expect(page.headers['cache-control']).toMatch(/no-cache|max-age=0/)
    expect(page.headers['content-security-policy']).toContain(
      "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
    )
    expect(page.headers['x-content-type-options']).toBe('nosniff')
    const code = await ask(`/${script}`)
    expect(code.headers['content-type']).toMatch(/^text\/javascript/)
    expect(code.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    const engine = readdirSync(join(root, 'web/dist/assets')).find((name) => /^engine-[\w-]{8}\.wasm$/.test(name))
    expect((await ask(`/assets/${engine}`)).headers['content-type']).toBe('application/wasm')
  })

  test('that the browser has is not sent again', async () => {
    const { headers } = await ask(`/${script}`)
    const again = await ask(`/${script}`, { headers: { 'If-None-Match': String(headers['etag']) } })
    expect(again.status).toBe(304)
    expect(again.body).toHaveLength(0)
  })

  test('can be asked for by its head; who asks for a range gets all of it', async () => {
    const whole = await ask(`/${script}`)
    const head = await ask(`/${script}`, { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(head.body).toHaveLength(0)
    expect(head.headers['etag']).toBe(whole.headers['etag'])
    // Cloudflare's file server has no ranges (github.com/cloudflare/workers-sdk/issues/8967), which a 200 says; the
    // page asks for none. If it learns them, this will say so.
    const range = await ask(`/${script}`, { headers: { Range: 'bytes=10-19' } })
    expect([range.status, range.body.equals(whole.body)]).toEqual([200, true])
  })

  test('that is not there is a 404 that says so', async () => {
    for (const path of ['/nothing', '/nothing/deep.js', '/assets/index-00000000.js', '/r', '/%2e%2e/secret']) {
      const answer = await ask(path)
      expect(answer.status, path).toBe(404)
      expect(answer.body.toString()).toContain('nothing at this address')
      expect(answer.headers['cache-control']).toBe('no-store')
    }
  })
})

describe('a recipe’s picture', () => {
  test('is the one that the command line draws', async () => {
    const served = await ask(`/r/${recipe}.png`)
    expect(served.status).toBe(200)
    expect(served.headers['content-type']).toBe('image/png')
    expect(served.headers['x-content-type-options']).toBe('nosniff')
    const out = join(command.folder, 'grid.png')
    const model = join(root, 'weights/digits.safetensors')
    execFileSync(command.ddpm, ['sample', '--model', model, '--recipe', recipe, '--zoom', '4', '--out', out])
    const [drawn, shown] = [PNG.sync.read(readFileSync(out)).data, PNG.sync.read(served.body).data]
    expect(shown).toHaveLength(drawn.length)
    for (const [i, v] of shown.entries()) expect(Math.abs(v - (drawn[i] ?? NaN))).toBeLessThanOrEqual(1)
  })

  test('comes whole, by its head, in part, or not at all where it is there already', async () => {
    const path = `/r/${recipe}.png`
    const whole = await ask(path)
    const head = await ask(path, { method: 'HEAD' })
    expect([head.status, head.body.length]).toEqual([200, 0])
    const range = await ask(path, { headers: { Range: 'bytes=8-15' } })
    expect([range.status, range.body]).toEqual([206, whole.body.subarray(8, 16)])
    const again = await ask(path, { headers: { 'If-None-Match': String(whole.headers['etag']) } })
    expect([again.status, again.body.length]).toEqual([304, 0])
  })

  test('may be kept for ever if it names its network, else for minutes', async () => {
    const plain = await ask(`/r/${recipe}.png`)
    expect(plain.headers['cache-control']).toBe('public, max-age=300')
    const full = await ask(`/r/${String(plain.headers['x-recipe'])}.png`)
    expect(full.headers['cache-control']).toContain('immutable')
    expect(full.body).toEqual(plain.body)
  })

  test.each([
    ['of no sampler', '/r/sampler=magic.png', 400, 'dpmpp'],
    ['with a key that there is none of', '/r/colour=red.png', 400, 'colour'],
    ['with a broken escape', '/r/%zz.png', 400, 'two hexadecimal digits'],
    ['with bytes that are no text', '/r/%ff%fe.png', 400, 'UTF-8'],
    ['that is too long', `/r/classes=${'3,'.repeat(1500)}3.png`, 400, '2000'],
    ['of another network', '/r/model=000000000000.png', 404, 'digits'],
    ['beyond the budget', '/r/sampler=ddpm&steps=1000&count=64.png', 422, 'fewer steps'],
  ])('%s is refused in words', async (_, path, status, words) => {
    const answer = await ask(path)
    expect(answer.status).toBe(status)
    expect(answer.body.toString()).toContain(words)
    expect(answer.headers['content-type']).toMatch(/^text\/plain/)
    expect(answer.headers['cache-control']).toBe('no-store')
  })
})

test('a shared recipe is the page, with tags of what it shows', async () => {
  const { status, headers, body } = await ask(`/r/${recipe}`)
  expect(status).toBe(200)
  expect(headers['content-type']).toMatch(/^text\/html/)
  expect(headers['cache-control']).toBe('no-cache')
  expect(body.toString()).toMatch(
    new RegExp(`property="og:image" content="${site.url}/r/model=[0-9a-f]{12}&amp;sampler=ddim&amp;steps=4&.*\\.png"`),
  )
  const heavy = await ask('/r/sampler=ddpm&steps=1000&count=64')
  expect(heavy.status).toBe(200)
  expect(heavy.body.toString()).not.toContain('og:image')
})

test('it says that it is well, and does nothing but reading', async () => {
  const well = await ask('/healthz')
  expect([well.status, well.body.toString(), well.headers['cache-control']]).toEqual([200, 'ok\n', 'no-store'])
  const written = await ask(`/r/${recipe}.png`, { method: 'DELETE' })
  expect([written.status, written.headers['allow']]).toEqual([405, 'GET, HEAD'])
})

describe('with a budget of nothing', () => {
  let free: Workerd
  beforeAll(async () => void (free = await workerd('--var', 'BUDGET:0')), 60_000)
  afterAll(() => free.close())

  test('a shared link leads to the page at the recipe, and no picture is drawn', async () => {
    const shared = await fetch(`${free.url}/r/${recipe}`, { redirect: 'manual' })
    expect([shared.status, shared.headers.get('location')]).toEqual([302, `/#room=generate&${recipe}`])
    const picture = await fetch(`${free.url}/r/${recipe}.png`)
    expect(picture.status).toBe(404)
    expect(await picture.text()).toContain(`/#room=generate&${recipe}\n`)
    expect(await (await fetch(`${free.url}/healthz`)).text()).toBe('ok\n')
    expect((await fetch(free.url)).headers.get('content-type')).toMatch(/^text\/html/)
  })
})

test('of two hundred requests at once none is lost', async () => {
  const light = 'sampler=ddim&steps=2&classes=3&guidance=1&count=1&seed='
  const paths = Array.from({ length: 200 }, (_, i) => {
    // A few pictures that many want, shared pages, files.
    const kinds = [`/r/${light}${(i >> 2) % 4}.png`, `/r/${light}1`, `/${script}`, '/']
    return kinds[i % 4] ?? '/'
  })
  const answers = await Promise.all(paths.map((path) => ask(path)))
  const bodies = new Map<string, Buffer>()
  for (const [i, { status, body }] of answers.entries()) {
    const path = paths[i] ?? ''
    expect(status, path).toBe(200)
    const first = bodies.get(path) ?? body
    bodies.set(path, first)
    expect(body.equals(first)).toBe(true)
  }
  expect(bodies.size).toBe(7)
}, 120_000)
