import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { panel, type Pixels, pixels, tiles, urlSays } from './support/look.ts'
import { useBrowser, visit } from './support/visit.ts'

useBrowser()

async function idle(page: Page): Promise<void> {
  await expect.poll(() => page.locator('ddpm-edit [aria-busy=true]').count(), { timeout: 45_000 }).toBe(0)
  await page.locator('ddpm-edit .progress', { hasText: / steps? in / }).waitFor()
}

const source = async (page: Page, i = 0): Promise<Pixels> => pixels(page.locator('ddpm-edit canvas.source').nth(i))

/** How far two pictures are from each other, in levels. */
function distance(a: Pixels | undefined, b: Pixels | undefined): number {
  const sum = [...(a?.data ?? [])].reduce((sum, v, i) => sum + Math.abs(v - (b?.data[i] ?? NaN)), 0)
  return sum / (a?.data.length ?? NaN)
}

/** A bar, drawn by hand at the left. */
async function drawBar(page: Page): Promise<void> {
  const sheet = page.locator('ddpm-edit ddpm-draw .sheet')
  const box = (await sheet.boundingBox())!
  await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.2)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.6, { steps: 5 })
  await page.mouse.up()
}

const open = (page: Page) => page.getByText('Draw one, or take one of yours').click()

test('variations stay close to the picture at small t, and leave it at large t', async () => {
  const { page } = await visit('room=edit&editSteps=2&editT=2&seed=5&guidance=1', {})
  await idle(page)
  const picture = await source(page)
  const near = await tiles(page, 'x')
  expect(near).toHaveLength(8)
  for (const tile of near) expect(distance(tile, picture)).toBeLessThan(8)
  const slider = page.getByRole('slider', { name: 'Noise it to t' })
  await slider.fill('900')
  await urlSays(page, 'editT', '900')
  expect(await slider.getAttribute('aria-valuetext')).toMatch(/^t = 900 of 1,000, \d+% of the amplitude left$/)
  await slider.dispatchEvent('change')
  await expect.poll(async () => distance((await tiles(page, 'x'))[0], picture), { timeout: 20_000 }).toBeGreaterThan(20)
})

test('a drawing is placed as MNIST has it, by hand and by keyboard, or left where it is', async () => {
  const { page } = await visit('room=edit&editSteps=2&editT=2&seed=5&guidance=1', { weights: 'shipped' })
  await idle(page)
  await open(page)
  const before = await source(page)
  await drawBar(page)
  await expect.poll(() => source(page), { timeout: 20_000 }).not.toEqual(before)
  const inked = ({ data, width }: Pixels) => {
    const columns = [...data].flatMap((v, i) => (i % 4 === 0 && v > 127 ? [(i / 4) % width] : []))
    return columns.reduce((sum, column) => sum + column + 0.5, 0) / columns.length
  }
  expect(inked(await source(page))).toBeCloseTo(14, 0)
  await page.getByLabel('Place it as in MNIST').uncheck()
  await urlSays(page, 'place', '0')
  await expect.poll(async () => Math.abs(inked(await source(page)) - 0.2 * 28), { timeout: 20_000 }).toBeLessThan(1)

  await page.getByRole('button', { name: 'Clear' }).click()
  await page.locator('ddpm-edit ddpm-draw .sheet').focus()
  const empty = await source(page)
  for (const key of ['Space', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'Space'])
    await page.keyboard.press(key)
  await expect.poll(() => source(page), { timeout: 20_000 }).not.toEqual(empty)
  await idle(page)
})

test('what is painted over is drawn anew, and the rest is kept', async () => {
  const { page } = await visit('room=edit&task=fill&editSteps=3&editWalks=1&seed=5&guidance=1', {})
  await idle(page)
  const filled = await tiles(page, 'x')
  const half = (tile: Pixels | undefined, lower: boolean) => {
    const { data, height = 0 } = tile ?? { data: Buffer.alloc(0) }
    return lower ? data.subarray((data.length * Math.ceil(height / 2)) / height) : data.subarray(0, data.length / 2)
  }
  for (const tile of filled) expect(half(tile, false)).toEqual(half(filled[0], false))
  expect(half(filled[1], true)).not.toEqual(half(filled[0], true))

  await page.getByRole('button', { name: 'Right half' }).click()
  await expect
    .poll(async () => half((await tiles(page, 'x'))[0], true), { timeout: 20_000 })
    .not.toEqual(half(filled[0], true))
  await idle(page)
})

test('the way between two pictures begins at one and ends at the other', async () => {
  const { page } = await visit('room=edit&task=blend&editSteps=2&editT=2&seed=5&guidance=1', {})
  await idle(page)
  const [a, b] = [await source(page, 0), await source(page, 1)]
  const way = await tiles(page, 'x')
  expect(way).toHaveLength(9)
  const toA = way.map((tile) => distance(tile, a))
  expect(toA[0]).toBeLessThan(8)
  expect(toA).toEqual(toA.toSorted((x, y) => x - y))
  expect(distance(way[8], b)).toBeLessThan(8)
})

test('on the circle both are encoded first, with its progress, and the URL keeps the choice', async () => {
  const { page } = await visit('room=edit&task=blend&editSteps=25&seed=5', { weights: 'shipped' })
  await page.getByRole('radio', { name: /^Circle/ }).check({ force: true })
  await urlSays(page, 'way', 'circle')
  await page
    .locator('ddpm-edit .progress', { hasText: /Finding the noise that each picture comes from: [\d.]+%/ })
    .waitFor()
  await idle(page)
  const way = await tiles(page, 'x')
  expect(distance(way[0], await source(page, 0))).toBeLessThan(12)
  expect(distance(way[8], await source(page, 1))).toBeLessThan(12)
})

test('a link with more than the network has says so, and opens with the nearest', async () => {
  const { page } = await visit('room=edit&editT=5000&editSteps=2&editClass=7&seed=5&guidance=1', {})
  await page.getByRole('alert').getByText('“editT=5000” is not valid (1–1000); 1000 is used instead.').waitFor()
  await page.getByRole('alert').getByText('“editClass=7” is not valid (none, 0-2); none is used instead.').waitFor()
  await idle(page)
  await urlSays(page, 'editT', '1000')
})

test('a file that is no picture is refused in words', async () => {
  const { page } = await visit('room=edit&editSteps=2&editT=2&seed=5&guidance=1', {})
  await idle(page)
  await open(page)
  const files = [{ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') }]
  await page.getByLabel('From a file').setInputFiles(files)
  await page.getByRole('alert').getByText('is not a picture that this browser can read').waitFor()
})

test('a room that is come back to has the visitor’s picture still', async () => {
  const { page } = await visit('room=edit&editSteps=2&editT=2&seed=5&guidance=1', {})
  await idle(page)
  await open(page)
  await drawBar(page)
  const drawn = page.getByText('Drawn by the network, until you give one.')
  await drawn.waitFor({ state: 'detached' })
  await idle(page)
  const before = await source(page)
  await page.getByRole('link', { name: 'Forward', exact: true }).click()
  await page.locator('ddpm-forward').waitFor()
  await page.goBack()
  await page.locator('ddpm-edit ddpm-tiles').waitFor()
  expect(await source(page)).toEqual(before)
  expect(await drawn.count()).toBe(0)
})

test('a file dropped on a field of this room is this room’s', async () => {
  const { page } = await visit('room=forward&t=300', {})
  await panel(page, 'linear', 300).waitFor()
  await page.getByRole('link', { name: 'Edit', exact: true }).click()
  await idle(page)
  await open(page)
  const taken = await page.locator('ddpm-edit input[type=file]').evaluate((input) => {
    const data = new DataTransfer()
    data.items.add(new File(['?'], 'picture.png', { type: 'image/png' }))
    const drop = new DragEvent('drop', { dataTransfer: data, bubbles: true, composed: true, cancelable: true })
    input.dispatchEvent(drop)
    return drop.defaultPrevented
  })
  expect(taken).toBe(false)
  expect(page.url()).toContain('room=edit')
})
