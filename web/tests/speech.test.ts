import { expect, test } from 'vitest'
import { finished, panel } from './support/look.ts'
import { useBrowser, visit } from './support/visit.ts'

useBrowser()

test('what cannot be seen is said with its numbers', async () => {
  const { page } = await visit('t=400&show=cosine', {})
  await panel(page, 'cosine', 400).waitFor()
  const slider = page.getByRole('slider', { name: 'Step t' })
  expect(await slider.getAttribute('aria-valuetext')).toBe('t = 400 of 1,000, 80% of the picture’s amplitude left')
  await page
    .getByRole('img', { name: 'Hills, noised with the cosine schedule to t = 400 of 1,000: 80% of its amplitude left' })
    .waitFor()
  await page.getByRole('img', { name: /^Signal left over t, from 1 to 0\. At t = 400: cosine 0\.6\d+\.$/ }).waitFor()
})

test('a pixel is said with its picture, and densities with what they are about', async () => {
  const { page } = await visit('room=reverse&step=400&pixel=30', {})
  await page.locator('ddpm-reverse table').waitFor()
  const pixel = page.getByRole('slider', { name: 'The pixel that is looked at' })
  expect(await pixel.getAttribute('aria-valuetext')).toBe('column 7, row 3')
  await expect
    .poll(() => pixel.getAttribute('aria-label'))
    .toBe('The pixel that is looked at, in the noisy picture: t = 400 of 1,000, 80% of the picture’s amplitude left')
  const densities = page.getByRole('img', { name: /^Densities at column 7, row 3: the posterior is centred on −?\d/ })
  expect(await densities.getAttribute('aria-label')).toMatch(/divergence of this pixel is [\d.]+.* nats\.$/)
})

test('tiles say their class and step, a mask how much of it is painted', async () => {
  const { page } = await visit('room=generate&steps=2&count=2&guidance=1&classes=1', {})
  await finished(page)
  expect(await page.getByRole('img', { name: /^[^,]+, step 2 of 2, t = 500$/ }).count()).toBe(2)
  expect(await page.getByRole('img', { name: /^[^,]+, as predicted, step 2 of 2, t = 500$/ }).count()).toBe(2)
  await page.goto(`${page.url().split('#')[0]}#room=edit&task=fill&editSteps=2&guidance=1`)
  const mask = page.getByRole('application', { name: /^The picture: paint/ })
  await expect.poll(() => mask.getAttribute('aria-label')).toContain('50% of it is painted')
  await page.getByRole('button', { name: 'Middle' }).click()
  await expect.poll(() => mask.getAttribute('aria-label')).toContain('25% of it is painted')
})

/** All that live regions say from now on, in every shadow root there will be. */
const listen = () => {
  const said: string[] = []
  Object.assign(window, { said })
  const attach = Element.prototype.attachShadow
  const live = '[role=status], [role=alert], [aria-live], output'
  const told = new Map<Element, string>()
  const hear = (root: ParentNode) => {
    for (const region of root.querySelectorAll(live)) {
      const words = region.textContent?.trim() ?? ''
      if (region.getAttribute('aria-hidden') === 'true' || told.get(region) === words) continue
      told.set(region, words)
      if (words) said.push(words)
    }
  }
  Element.prototype.attachShadow = function (init) {
    const root = attach.call(this, init)
    new MutationObserver(() => hear(root)).observe(root, { childList: true, characterData: true, subtree: true })
    return root
  }
}

test.each([
  ['generate', 'steps=60&count=1', /\b60 steps in /],
  ['edit', 'editSteps=60&editT=1000', /\b60 steps in /],
  ['break', 'mistakeSteps=60', /\b60 steps in /],
  ['bound', '', /terms evaluated/],
])('while the %s room works, little is said aloud: that it begins, and what came of it', async (room, state, end) => {
  const { page } = await visit(`room=${room}&${state}&guidance=1`, { before: (page) => page.addInitScript(listen) })
  await page.locator(`ddpm-${room} .progress`, { hasText: end }).waitFor()
  const said = () => page.evaluate(() => (window as unknown as { said: string[] }).said)
  const last = room === 'bound' ? /^The bound is [\d.]+ bits/ : end
  await expect.poll(async () => (await said()).at(-1) ?? '').toMatch(last)
  expect((await said()).length, (await said()).join('; ')).toBeLessThanOrEqual(3)
  expect(await said()).not.toContain('false')
})
