import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { panel } from './support/look.ts'
import { useBrowser, visit } from './support/visit.ts'

useBrowser()

/** Every step of a run that is shown, from the words of the line that goes back through it. */
const recordSteps = (page: Page) =>
  page.addInitScript(() => {
    const seen: string[] = []
    Object.assign(window, { seen })
    const set = Element.prototype.setAttribute
    Element.prototype.setAttribute = function (name, value) {
      if (name === 'aria-valuetext' && value.includes(' of 40')) seen.push(value)
      set.call(this, name, value)
    }
  })

const seen = (page: Page) => page.evaluate(() => [...new Set((window as unknown as { seen: string[] }).seen)])

test.each([
  ['generate', 'steps=40&count=1'],
  ['edit', 'editSteps=40&editT=1000'],
  ['break', 'mistakeSteps=40'],
  ['reverse', 'walkSteps=40'],
])('without motion, the %s room shows a run in four pictures', async (room, state) => {
  const { page } = await visit(`room=${room}&${state}&guidance=1`, { reducedMotion: 'reduce', before: recordSteps })
  const here = page.locator(`ddpm-${room}`)
  if (room === 'reverse') {
    await here.locator('table').waitFor()
    await here.locator('ddpm-walk').scrollIntoViewIfNeeded()
  }
  await here.locator('.progress', { hasText: /\b40 steps in / }).waitFor()
  await expect.poll(async () => (await seen(page)).at(-1)).toMatch(/^Step 40 of 40/)
  for (const words of await seen(page)) expect(words).toMatch(/^Step (0|10|20|30|40) of 40/)
})

test('without motion, the way into noise is played in still pictures', async () => {
  const { page } = await visit('t=750', {
    reducedMotion: 'reduce',
    before: (page) =>
      page.addInitScript(() => {
        const seen: string[] = []
        Object.assign(window, { seen })
        const set = HTMLInputElement.prototype.setAttribute
        HTMLInputElement.prototype.setAttribute = function (name, value) {
          if (name === 'aria-valuetext') seen.push(/\d[\d,]*/.exec(value)?.[0] ?? value)
          set.call(this, name, value)
        }
      }),
  })
  await panel(page, 'linear', 750).waitFor()
  await page.getByRole('button', { name: 'Play' }).click()
  await panel(page, 'linear', 1000).waitFor()
  // A machine that is busy may miss one of them.
  for (const t of await seen(page)) expect(['750', '875', '1,000']).toContain(t)
})
