import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { finished, pixels, spread, urlSays } from './support/look.ts'
import { useBrowser, visit } from './support/visit.ts'

useBrowser()

/** The canvas of one of the reverse room's pictures, by its place in the row. */
const plane = (page: Page, i: number) => page.locator('ddpm-plane canvas').nth(i)

/** A number as the page writes it: 1,234.5, −0.25, 4.04 × 10⁻⁵, with or without a unit. */
function numberIn(text: string): number {
  const [mantissa = '', power = ''] = text.split('× 10')
  const exponent = [...power].filter((c) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'.includes(c)).map((c) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c))
  const raised = exponent.map((digit) => (digit < 0 ? '-' : digit)).join('')
  return Number(mantissa.replace('−', '-').replace(/[^\d.-]/g, '')) * 10 ** Number(raised)
}

/** The numbers of a row of a table, by the words it begins with. */
async function row(page: Page, room: string, words: string): Promise<number[]> {
  const cells = page.locator(`${room} tr`, { hasText: words }).locator('td')
  await cells.first().waitFor()
  return (await cells.allInnerTexts()).flatMap((text) => text.split('±')).map(numberIn)
}

test.each(['reverse', 'bound'])(
  'a link to the %s room with more than there is says so, and opens with the most',
  async (room) => {
    const { page } = await visit(`room=${room}&pick=40&pixel=4000&walkSteps=5`, {})
    await page.getByRole('alert').getByText('“pick=40” is not valid (0–2); 2 is used instead.').waitFor()
    await page.getByRole('alert').getByText('“pixel=4000” is not valid (0–143); 143 is used instead.').waitFor()
    expect(await page.getByRole('alert').getByText('walkSteps').count()).toBe(0)
    await urlSays(page, 'pick', '2')
    await urlSays(page, 'pixel', '143')
  },
)

describe('the reverse room', () => {
  test('shows a step of one of the model’s pictures, and its numbers belong together', async () => {
    const { page } = await visit('room=reverse&step=500&pick=1&pixel=30', {})
    await page.locator('ddpm-reverse table').waitFor()
    expect(await page.locator('ddpm-examples input[type=radio]').count()).toBe(3)
    for (let i = 0; i < 5; i++) expect(spread(await pixels(plane(page, i)))).toBeGreaterThan(5)
    const [nats, bits] = await row(page, 'ddpm-reverse', 'the whole picture')
    // 12 × 12 numbers.
    expect((bits ?? 0) / ((nats ?? 0) / 144 / Math.LN2)).toBeCloseTo(1, 1)
    const shares = await page.locator('ddpm-examples .percent').allInnerTexts()
    const total = shares.reduce((sum, share) => sum + Number.parseFloat(share), 0)
    expect(total).toBeGreaterThan(98)
    expect(total).toBeLessThan(102)
  })

  test('follows the slider, the picture and the pixel, by keyboard too, and the URL says so', async () => {
    const { page } = await visit('room=reverse&step=500&pick=1&pixel=30', {})
    await page.locator('ddpm-reverse table').waitFor()
    const before = await pixels(plane(page, 0))
    await page.getByRole('slider', { name: 'Step t' }).fill('700')
    await expect.poll(() => pixels(plane(page, 0))).not.toEqual(before)
    await expect.poll(() => page.url()).toContain('step=700')

    const mean = () => page.locator('ddpm-reverse tbody tr').first().innerText()
    const here = await mean()
    await page.getByRole('slider', { name: 'The pixel that is looked at' }).focus()
    await page.keyboard.press('ArrowDown')
    await expect.poll(mean).not.toBe(here)
    await expect.poll(() => page.url()).toContain('pixel=42')

    const there = await mean()
    await page.getByRole('radio', { name: 'σ² = β', exact: true }).check({ force: true })
    await expect.poll(mean).toBe(there) // the posterior's variance is β̃ whatever σ² is
    await expect.poll(() => page.url()).toContain('sigma=beta')

    const noisy = await pixels(plane(page, 0))
    await page.locator('ddpm-examples input[type=radio]').nth(2).check({ force: true })
    await expect.poll(() => pixels(plane(page, 0))).not.toEqual(noisy)
    await page.goBack()
    await expect.poll(() => pixels(plane(page, 0))).toEqual(noisy)
  })

  test('takes a drawing of the visitor’s, made by hand or by keyboard', async () => {
    const { page } = await visit('room=reverse&step=100', {})
    await page.locator('ddpm-reverse table').waitFor()
    await page.getByText('Draw one, or take one of yours').click()
    const sheet = page.getByRole('application', { name: 'Draw here' })
    const box = await sheet.boundingBox()
    if (!box) throw new Error('there is nothing to draw on')
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.8, { steps: 5 })
    await page.mouse.up()
    await expect.poll(() => page.locator('ddpm-examples input[type=radio]').count()).toBe(4)
    expect(await page.locator('ddpm-examples input[type=radio]').nth(3).isChecked()).toBe(true)
    const own = page.locator('ddpm-examples .row canvas').nth(3)
    await expect.poll(async () => spread(await pixels(own))).toBeGreaterThan(5)
    const drawn = await pixels(own)

    await sheet.focus()
    for (const key of [' ', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', ' ']) await page.keyboard.press(key)
    await expect.poll(() => pixels(own)).not.toEqual(drawn)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => pixels(own)).toEqual(drawn)
  })
})

describe('the bound', () => {
  test('becomes known, its parts add up, and it can be stopped and saved', async () => {
    const { page } = await visit('room=bound&pick=2', { acceptDownloads: true })
    await expect.poll(async () => (await row(page, 'ddpm-split', 'The bound')).length, { timeout: 20_000 }).toBe(2)
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByRole('button', { name: 'Compute it again' }).waitFor()
    const [prior = NaN] = await row(page, 'ddpm-split', 'the prior')
    const [between = NaN] = await row(page, 'ddpm-split', 'the steps between')
    const [decoder = NaN] = await row(page, 'ddpm-split', 'the decoder')
    const [total = NaN, error = NaN] = await row(page, 'ddpm-split', 'The bound')
    expect(prior + between + decoder).toBeCloseTo(total, 2)
    expect(error).toBeGreaterThan(0)

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as CSV' }).click(),
    ])
    const [head, ...lines] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n')
    expect(head).toBe('t,term_bits_per_dim,squared_error_per_dim,rounds,bound_bits_per_dim,standard_error')
    const bounds = lines.map((line) => Number(line.split(',')[4])).filter((bits) => bits !== 0)
    expect(bounds.at(-1)).toBeCloseTo(total, 2)
  })

  test('a divergence is shown as its regression, with numbers that make it up', async () => {
    const { page } = await visit('room=bound&step=400&sigma=beta', {})
    const formula = page.locator('ddpm-bound .live ddpm-formula')
    await formula.waitFor()
    const live = async (name: string) => numberIn((await formula.locator(`.live-${name}`).first().textContent()) ?? '')
    const [kl, weight, squares, constant] = await Promise.all(['kl', 'weight', 'squares', 'constant'].map(live))
    expect(((weight ?? NaN) * (squares ?? NaN) + (constant ?? NaN)) / (kl ?? NaN)).toBeCloseTo(1, 1)
  })
})

test('the bound that is shown is that of the picture that is chosen, Back as well', async () => {
  const { page } = await visit('room=bound', {})
  const total = async () => (await row(page, 'ddpm-split', 'The bound'))[0] ?? NaN
  const done = page.getByRole('button', { name: 'Compute it again' })
  await done.waitFor()
  const first = await total()
  await page.locator('ddpm-bound ddpm-examples input[type=radio]').nth(1).check({ force: true })
  await urlSays(page, 'pick', '1')
  await done.waitFor({ state: 'detached' })
  await done.waitFor()
  expect(await total()).not.toBe(first)
  await page.goBack()
  await expect.poll(total).toBe(first)
})

test('a room whose pictures gave way to another’s run draws them when it is come back to', async () => {
  const { page } = await visit('room=reverse&steps=2&guidance=1&count=1', { weights: 'shipped' })
  await page.getByText('The network draws a few pictures').waitFor()
  await page.getByRole('link', { name: 'Generate', exact: true }).click()
  await finished(page)
  await page.getByRole('link', { name: 'Reverse', exact: true }).click()
  await page.locator('ddpm-reverse table').waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
})
