import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launch } from './support/browser.ts'
import { complaintsOf } from './support/complaints.ts'
import { commandLine, expectHosted, recipe, root } from './support/hosted.ts'
import { finished, tiles } from './support/look.ts'

// The site as `ddpm serve` serves it: one binary, the page and pictures of recipes.

let command: ReturnType<typeof commandLine>
let server: ChildProcess
let url: string
let browser: Browser

beforeAll(async () => {
  command = commandLine()
  // With the page inside, as `make serve` builds it.
  const inside = join(command.folder, 'ddpm-site')
  execFileSync('go', ['build', '-tags', 'site', '-o', inside, './tools/ddpm'], { cwd: root })
  server = spawn(inside, ['serve', '--addr', '127.0.0.1:0', '--budget', '20'])
  url = await new Promise((resolve, reject) => {
    let said = ''
    server.stdout?.on('data', (data: Buffer) => {
      said += data.toString()
      const [, address] = /serving on (\S+)/.exec(said) ?? []
      if (address) resolve(address)
    })
    server.stderr?.on('data', (data: Buffer) => (said += data.toString()))
    server.on('exit', () => reject(new Error(said)))
  })
  browser = await launch()
}, 120_000)

afterAll(async () => {
  await browser.close()
  const ended = new Promise((resolve) => server.on('exit', resolve))
  server.kill('SIGINT')
  const code = await ended
  if (code !== 0) throw new Error(`the server ended with ${String(code)}`)
  command.remove()
})

test('opens in a browser, noises and draws', () => expectHosted(`${url}/`, command), 120_000)

test('a shared recipe opens the page at it, and says what it shows before it is opened', async () => {
  const page = await browser.newPage({ locale: 'en-US' })
  const complaints = complaintsOf(page)
  await page.goto(`${url}/r/${recipe}`)
  await finished(page)
  expect(await tiles(page, 'x')).toHaveLength(4)
  const image = await page.locator('meta[property="og:image"]').getAttribute('content')
  expect(image).toMatch(new RegExp(`^${url}/r/model=[0-9a-f]{12}&sampler=ddim&steps=4&.*count=4\\.png$`))
  expect(complaints).toEqual([])

  const picture = await fetch(image ?? '')
  expect(picture.status).toBe(200)
  expect(picture.headers.get('content-type')).toBe('image/png')
  await page.close()
})

test('the picture of a recipe is the one that the command line draws', async () => {
  const served = await fetch(`${url}/r/${recipe}.png`)
  const out = join(command.folder, 'grid.png')
  const model = join(root, 'weights/digits.safetensors')
  execFileSync(command.ddpm, ['sample', '--model', model, '--recipe', recipe, '--zoom', '4', '--out', out])
  expect(Buffer.from(await served.arrayBuffer()).equals(await readFile(out))).toBe(true)
})

test('files are compressed, kept as long as they may be, and what is beyond the budget is refused', async () => {
  const page = await fetch(url, { headers: { 'Accept-Encoding': 'gzip, br' } })
  expect(page.headers.get('content-encoding')).toBe('br')
  expect(page.headers.get('cache-control')).toBe('no-cache')
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
  const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(await page.text())?.[1] ?? ''
  expect((await fetch(`${url}/${script}`)).headers.get('cache-control')).toContain('immutable')
  const heavy = await fetch(`${url}/r/sampler=ddpm&steps=1000&count=64.png`)
  expect(heavy.status).toBe(422)
  expect(await heavy.text()).toContain('fewer steps')
  const wrong = await fetch(`${url}/r/sampler=magic.png`)
  expect(wrong.status).toBe(400)
  expect(await wrong.text()).toContain('dpmpp')
})
