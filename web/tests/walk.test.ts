import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { type Pixels, pixels } from './support/look.ts'
import { useBrowser, visit } from './support/visit.ts'

useBrowser()

type Chain = 'beta_tilde' | 'beta'
type Plane = 'before' | 'eps' | 'x0' | 'mean' | 'x'

/** What a chain of the reverse room's walk shows of the step that is looked at. */
const plane = (page: Page, chain: Chain, name: Plane): Promise<Pixels> =>
  pixels(page.locator(`ddpm-walk .${chain} ddpm-tiles.${name} canvas`))

/** Scrolls to the walk, which then sets out, and waits for its end. */
async function walked(page: Page, steps: number): Promise<void> {
  await page.locator('ddpm-reverse table').waitFor()
  await page.getByRole('heading', { name: 'All the way back' }).scrollIntoViewIfNeeded()
  await page.locator('ddpm-walk .progress', { hasText: `${steps} steps in ` }).waitFor()
  await expect.poll(() => page.locator('ddpm-walk [aria-busy=true]').count(), { timeout: 45_000 }).toBe(0)
}

const scrub = (page: Page) => page.getByRole('slider', { name: 'Step of the run' })

/** How far two pictures are from each other, in levels. */
function distance(a: Pixels, b: Pixels): number {
  return a.data.reduce((sum, v, i) => sum + Math.abs(v - (b.data[i] ?? NaN)), 0) / a.data.length
}

test('the walk begins at the x_t above, every step can be gone back to, and only σ differs', async () => {
  const { page } = await visit('room=reverse&step=600&walkFrom=picture&pick=1&walkSteps=8', { acceptDownloads: true })
  await walked(page, 8)
  await scrub(page).fill('1')
  const above = await pixels(page.locator('ddpm-plane canvas').first())
  await expect.poll(() => plane(page, 'beta_tilde', 'before')).toEqual(above)
  // From one x_t the network's answer is one, and with it the mean; the noise is larger with β.
  for (const name of ['before', 'eps', 'x0', 'mean'] as const)
    expect(await plane(page, 'beta', name)).toEqual(await plane(page, 'beta_tilde', name))
  const [mean, small, large] = [
    await plane(page, 'beta', 'mean'),
    await plane(page, 'beta_tilde', 'x'),
    await plane(page, 'beta', 'x'),
  ]
  expect(distance(small, mean)).toBeGreaterThan(1)
  expect(distance(large, mean)).toBeGreaterThan(distance(small, mean))

  // What a step leaves, the next one begins with.
  await scrub(page).fill('2')
  await expect.poll(() => plane(page, 'beta', 'before')).toEqual(large)
  // The last step adds no noise.
  await scrub(page).fill('8')
  await expect.poll(async () => distance(await plane(page, 'beta', 'x'), await plane(page, 'beta', 'mean'))).toBe(0)

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('ddpm-walk').getByRole('button', { name: 'Save as CSV' }).click(),
  ])
  const [head, ...lines] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n')
  expect(head).toBe('step,t,sigma_beta_tilde,sigma_beta,x_apart,x0_apart')
  const rows = lines.map((line) => line.split(',').map(Number))
  expect(rows.map(([step]) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  for (const [, , tilde = NaN, beta = NaN] of rows.slice(0, -1)) expect(tilde).toBeLessThan(beta)
  expect(rows.at(-1)?.slice(2, 4)).toEqual([0, 0])
})

test('it begins with noise where that is asked for, and Back asks for the picture again', async () => {
  const { page } = await visit('room=reverse&step=600&walkFrom=picture&pick=1&walkSteps=4', {})
  await walked(page, 4)
  await page.getByText('Both began at t = 600 with').waitFor()
  const first = await plane(page, 'beta', 'x')
  await page.locator('ddpm-walk').getByRole('radio', { name: 'pure noise' }).check({ force: true })
  await page.getByText('Both began at T with the same noise').waitFor()
  await walked(page, 4)
  expect(await plane(page, 'beta', 'x')).not.toEqual(first)
  await page.goBack()
  await page.getByText('Both began at t = 600 with').waitFor()
  await walked(page, 4)
  await expect.poll(() => plane(page, 'beta', 'x')).toEqual(first)
})

test('a long walk is cancelled, and what was done stays', async () => {
  const { page } = await visit('room=reverse&walkSteps=900', { weights: 'shipped' })
  await page.locator('ddpm-reverse table').waitFor()
  await page.getByRole('heading', { name: 'All the way back' }).scrollIntoViewIfNeeded()
  await page.locator('ddpm-walk .progress', { hasText: /^Step \d/ }).waitFor()
  await page.locator('ddpm-walk').getByRole('button', { name: 'Cancel', exact: true }).click()
  await page.locator('ddpm-walk .progress', { hasText: 'Stopped at step' }).waitFor()
  expect(await scrub(page).isEnabled()).toBe(true)
})
