import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fingerprint, panel, pixels, slider, spread } from './support/look.ts'
import { roomNames } from '../app/rooms.ts'
import { serve } from './support/site.ts'
import { useBrowser, visit } from './support/visit.ts'

useBrowser()

test('the sample page has its rooms from one script tag, each by its attributes, and keeps its URL', async () => {
  const { page } = await visit('', { path: 'embed.html', expected: /favicon|404|pick=|classes=/ })
  const url = page.url()
  await panel(page, 'linear', 300).waitFor()
  const tiles = page.locator('ddpm-generate ddpm-tiles.x canvas')
  await page.locator('ddpm-generate p.progress', { hasText: /^10 steps in / }).waitFor()
  expect(await tiles.count()).toBe(4)
  expect(spread(await pixels(tiles.first()))).toBeGreaterThan(5)
  expect(await page.locator('ddpm-settings').isVisible()).toBe(false)
  expect(await page.locator('ddpm-forward .lead:visible').count()).toBe(0)
  expect(await page.locator('ddpm-side').isVisible()).toBe(true)

  await slider(page).fill('700')
  await panel(page, 'cosine', 700).waitFor()
  await page.locator('ddpm-forward').evaluate((room) => room.setAttribute('t', '42'))
  await panel(page, 'linear', 42).waitFor()
  expect(page.url()).toBe(url)

  // The others cost nothing until they are unfolded.
  for (const name of roomNames.filter((name) => name !== 'forward' && name !== 'generate')) {
    const room = page.locator(`ddpm-${name}`)
    expect(await room.evaluate((element) => element.shadowRoot === null)).toBe(true)
    await page.locator('details', { has: room }).locator('summary').first().click()
    await room.getByRole('heading', { level: 1 }).waitFor()
    await room.locator('canvas').first().waitFor()
    expect(await room.getByRole('alert').count()).toBe(0)
  }
  expect(page.url()).toBe(url)
})

test('a room that a page takes away ends its workers, and one that it puts back draws the same again', async () => {
  const { page } = await visit('', { path: 'embed.html', expected: /favicon|404|pick=|classes=/ })
  await panel(page, 'linear', 300).waitFor()
  const drawn = page.locator('ddpm-generate p.progress', { hasText: /^10 steps in / })
  await drawn.waitFor()
  const tile = page.locator('ddpm-generate ddpm-tiles.x canvas').first()
  const before = await fingerprint(tile)

  // Moving one ends nothing.
  const all = page.workers().length
  await page.locator('ddpm-forward').evaluate((room) => document.body.append(room))
  await slider(page).fill('700')
  await panel(page, 'linear', 700).waitFor()
  expect(page.workers()).toHaveLength(all)

  const room = await page.locator('ddpm-generate').elementHandle()
  await page.evaluate(() => document.querySelectorAll('ddpm-forward, ddpm-generate').forEach((room) => room.remove()))
  await expect.poll(() => page.workers().length).toBe(0)

  await page.evaluate((room) => document.body.append(room as Node), room)
  await page.locator('ddpm-generate').evaluate((room) => room.setAttribute('seed', '2'))
  await expect.poll(async () => (await fingerprint(tile)) !== before).toBe(true)
  await drawn.waitFor()
  await page.locator('ddpm-generate').evaluate((room) => room.removeAttribute('seed'))
  await expect.poll(() => fingerprint(tile)).toBe(before)
  expect(await page.locator('ddpm-generate').getByRole('alert').count()).toBe(0)
})

test('a page of another origin, in its own language and colours, can use the rooms as well', async () => {
  const { page } = await visit('', { expected: /another origin|favicon|404|не подходит/, locale: 'en' })
  const script = new URL('embed.js', page.url()).href
  const folder = await mkdtemp(join(tmpdir(), 'ddpm-'))
  await writeFile(
    join(folder, 'index.html'),
    `<!doctype html><html lang="ru"><script type="module" src="${script}"></script><body></body></html>`,
  )
  const elsewhere = await serve(folder)
  onTestFinished(async () => {
    await elsewhere.close()
    await rm(folder, { recursive: true })
  })
  const warnings: string[] = []
  page.on('console', (message) => warnings.push(message.text()))
  await page.goto(elsewhere.url)
  // The element comes later than the script.
  await page.evaluate(() => {
    const room = document.createElement('ddpm-forward')
    room.setAttribute('t', '5000')
    room.setAttribute('show', 'cosine')
    document.body.append(room)
  })
  await panel(page, 'cosine', 1000).waitFor()
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('От изображения к\u00a0шуму')
  expect(warnings.filter((text) => text.includes('t=5000'))).toHaveLength(1)
  expect(await page.locator('ddpm-forward').evaluate((room) => getComputedStyle(room).backgroundColor)).toBe(
    'rgb(251, 250, 247)',
  )
})

test('every room can stand on a page of another origin, two at a time, with what its attributes say', async () => {
  const { page } = await visit('', { expected: /another origin|favicon|404/, locale: 'en' })
  const script = new URL('embed.js', page.url()).href
  const folder = await mkdtemp(join(tmpdir(), 'ddpm-'))
  await writeFile(
    join(folder, 'index.html'),
    `<!doctype html><html lang="en"><title>Elsewhere</title><script type="module" src="${script}"></script><body></body></html>`,
  )
  const elsewhere = await serve(folder)
  onTestFinished(async () => {
    await elsewhere.close()
    await rm(folder, { recursive: true })
  })
  await page.goto(elsewhere.url)
  const few = { steps: '2', editsteps: '2', mistakesteps: '2', walksteps: '2', guidance: '1', count: '2', hide: 'lead' }
  for (let i = 0; i < roomNames.length; i += 2) {
    const pair = roomNames.slice(i, i + 2)
    await page.evaluate(
      ([pair, few]) => {
        document.body.replaceChildren(
          ...pair.map((name) => {
            const element = document.createElement(`ddpm-${name}`)
            for (const [key, value] of Object.entries(few)) element.setAttribute(key, value)
            return element
          }),
        )
      },
      [pair, few] as const,
    )
    for (const name of pair) {
      const element = page.locator(`ddpm-${name}`)
      await element.getByRole('heading', { level: 1 }).waitFor()
      await expect.poll(() => element.locator('[aria-busy=true]').count(), { timeout: 45_000 }).toBe(0)
      expect(await element.locator('.lead:visible').count()).toBe(0)
      expect(await element.getByRole('alert').count()).toBe(0)
      await element.locator('canvas').first().waitFor()
    }
  }
})
