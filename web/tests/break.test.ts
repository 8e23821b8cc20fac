import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { type Pixels, pixels, urlSays } from './support/look.ts'
import { useBrowser, visit } from './support/visit.ts'

useBrowser()

const state = 'room=break&mistakeSteps=4&seed=5&guidance=1'

async function idle(page: Page): Promise<void> {
  await page.locator('ddpm-break .progress', { hasText: / steps? in / }).waitFor()
  await expect.poll(() => page.locator('ddpm-break [aria-busy=true]').count(), { timeout: 45_000 }).toBe(0)
}

async function side(page: Page, name: 'right' | 'wrong'): Promise<Pixels[]> {
  return Promise.all((await page.locator(`ddpm-tiles.${name} canvas`).all()).map(pixels))
}

test('a mistake is seen beside the right run, which stays while mistakes change, and told why', async () => {
  const { page } = await visit(`${state}&mistakes=range`)
  await idle(page)
  const [right, ranged] = [await side(page, 'right'), await side(page, 'wrong')]
  expect(right).toHaveLength(10)
  expect(ranged).not.toEqual(right)
  await page.getByText('The network was trained on pictures from −1 to 1').waitFor()

  await page.getByLabel('Pixels in [0, 1]').uncheck()
  await urlSays(page, 'mistakes', 'none')
  await page.getByText('Switch a mistake on').waitFor()
  await page.getByLabel('Noise after the last step').check()
  await urlSays(page, 'mistakes', 'last')
  await idle(page)
  expect(await side(page, 'right')).toEqual(right)
  const last = await side(page, 'wrong')
  expect(last).not.toEqual(right)

  // Until the last step there is no difference.
  await page.getByRole('slider', { name: 'Step of the run' }).fill('3')
  await expect.poll(() => side(page, 'right')).not.toEqual(right)
  expect(await side(page, 'wrong')).toEqual(await side(page, 'right'))

  await page.goBack()
  await page.goBack()
  await idle(page)
  await expect.poll(() => side(page, 'wrong'), { timeout: 20_000 }).toEqual(ranged)
})

test('a long pair of runs is cancelled, and what was done stays to be looked at', async () => {
  const { page } = await visit('room=break&mistakeSteps=1000&seed=5&guidance=1&mistakes=time', { weights: 'shipped' })
  await page.locator('ddpm-break .progress', { hasText: /^Step \d/ }).waitFor()
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await page.locator('ddpm-break .progress', { hasText: 'Stopped at step' }).waitFor()
  expect(await page.getByRole('slider', { name: 'Step of the run' }).isEnabled()).toBe(true)
  await expect.poll(() => page.locator('ddpm-break [aria-busy=true]').count(), { timeout: 45_000 }).toBe(0)
})

test('a mistake by itself is shown where it is plain to see, until the visitor chooses where', async () => {
  const { page } = await visit('room=break&mistakes=none')
  await idle(page)
  await page.getByLabel('Noise after the last step').check()
  await urlSays(page, 'mistakeSteps', '6')
  await page.getByText('an even grain over all of them').waitFor()
  // Two at once are a question of the visitor's own.
  await page.locator('ddpm-break input[name=clip]').check()
  await urlSays(page, 'mistakes', 'clip,last')
  await urlSays(page, 'mistakeSteps', '6')
  await page.getByRole('button', { name: 'Show this one alone' }).first().click()
  await urlSays(page, 'mistakes', 'clip')
  await urlSays(page, 'mistakeSteps', '3')
  await urlSays(page, 'guidance', '10')
  await page.locator('ddpm-break').getByRole('radio', { name: '10', exact: true }).check({ force: true })
  await urlSays(page, 'mistakeSteps', '10')
  await page.locator('ddpm-break input[name=clip]').uncheck()
  await page.locator('ddpm-break input[name=time]').check()
  await urlSays(page, 'mistakes', 'time')
  await urlSays(page, 'mistakeSteps', '10')
  await idle(page)
})

test('a link that names a mistake and not where opens where it is plain to see', async () => {
  const { page } = await visit('room=break&mistakes=clip', { weights: 'shipped' })
  await urlSays(page, 'mistakeSteps', '3')
  await urlSays(page, 'guidance', '10')
  await expect.poll(() => page.locator('ddpm-break #model option:checked').innerText()).toContain('16 × 16')
  // Where the link says where, it is there.
  const { page: other } = await visit('room=break&mistakes=clip&mistakeSteps=4', {})
  await urlSays(other, 'mistakes', 'clip')
  await idle(other)
  await urlSays(other, 'mistakeSteps', '4')
})
