import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { finished, panel, urlSays } from './support/look.ts'
import { useBrowser, visit } from './support/visit.ts'

useBrowser()

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  id: string
  nodes: { target: unknown; failureSummary?: string }[]
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const found = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe.run(),
  )
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${JSON.stringify(nodes[0]?.target)} ${nodes[0]?.failureSummary}`,
  )
}

const overflow = (page: Page) =>
  page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth))

test.each([360, 1440])('both rooms pass axe and do not scroll sideways at %i pixels, light and dark', async (width) => {
  const { page } = await visit('room=forward&t=5000&strange=1&steps=1&count=10&guidance=1', {
    viewport: { width, height: 800 },
  })
  const inspect = async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await violations(page), colorScheme).toEqual([])
      expect(await overflow(page)).toBe(0)
    }
  }
  await panel(page, 'linear', 1000).waitFor()
  await inspect()
  await page.getByRole('link', { name: 'Generate', exact: true }).click()
  await finished(page)
  for (const title of ['More settings', 'About this network', 'The same pictures on the command line']) {
    await page.getByText(title).click()
  }
  await inspect()
})

/** Presses Tab until the focused element has this accessible name. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(() => {
      let element = document.activeElement
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.innerText : undefined
      return element?.getAttribute('aria-label') ?? label ?? element?.textContent?.trim() ?? ''
    })
    if (focused === name) return
  }
  throw new Error(`Tab never came to “${name}”`)
}

test('everything can be done from the keyboard', async () => {
  // A run long enough to be cancelled by hand, whatever the machine.
  const { page } = await visit('room=forward&t=250&sampler=ddpm&steps=1000')
  await panel(page, 'linear', 250).waitFor()
  await tabTo(page, 'Step t')
  await page.keyboard.press('ArrowRight')
  await panel(page, 'linear', 251).waitFor()
  await page.keyboard.press('End')
  await panel(page, 'linear', 1000).waitFor()
  await tabTo(page, 'Hills')
  await page.keyboard.press('ArrowRight')
  await urlSays(page, 'picture', 'spheres')
  await page.goto(page.url()) // the same page, the focus back at its start
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await tabTo(page, 'Generate')
  await page.keyboard.press('Enter')
  await urlSays(page, 'room', 'generate')
  await tabTo(page, 'Cancel')
  await page.keyboard.press('Enter')
  await page.locator('ddpm-generate p.progress', { hasText: 'Stopped' }).waitFor()
  await tabTo(page, 'Steps')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('1')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('2')
  await page.keyboard.press('Enter')
  expect(await finished(page)).toMatch(/^1 steps? in /)
})

test.each(['room=forward', 'room=generate&steps=2&guidance=1'])('nothing moves while %s fills', async (state) => {
  const { page } = await visit(state, {
    weights: 'shipped',
    before: (page) =>
      page.addInitScript(() => {
        const seen = { shift: 0 }
        Object.assign(window, { seen })
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) seen.shift += (entry as PerformanceEntry & { value: number }).value
        }).observe({ type: 'layout-shift', buffered: true })
      }),
  })
  if (state.includes('generate')) await finished(page)
  else await panel(page, 'cosine', 250).waitFor()
  // A right-aligned number that gets a digit more counts too; 0.1 is what is called good.
  expect(await page.evaluate(() => (window as unknown as { seen: { shift: number } }).seen.shift)).toBeLessThan(0.001)
})

test('without motion, a run shows itself in few pictures', async () => {
  const { page } = await visit('room=generate&steps=8&count=1&guidance=1', { reducedMotion: 'reduce' })
  await finished(page)
  expect(await page.getByRole('slider', { name: 'Step of the run' }).inputValue()).toBe('8')
})
