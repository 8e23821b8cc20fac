import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { languageNames } from '../app/messages/index.ts'
import { roomNames } from '../app/rooms.ts'
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

/** Opens whatever can be unfolded, wherever it is. */
function unfold(page: Page): Promise<void> {
  return page.evaluate(() => {
    const open = (root: ParentNode) => {
      for (const element of root.querySelectorAll('*')) {
        if (element instanceof HTMLDetailsElement) element.open = true
        if (element.shadowRoot) open(element.shadowRoot)
      }
    }
    open(document)
  })
}

/**
 * Sees what is shown in both languages, on a phone and on a desk, light and dark; without loading it again. Every two of
 * these meet, all three need not.
 */
async function accessible(page: Page, ready: () => Promise<unknown>): Promise<void> {
  for (const [i, lang] of languageNames.entries()) {
    await page.evaluate((lang) => (location.hash = location.hash.replace(/&lang=\w+|$/, `&lang=${lang}`)), lang)
    await page.locator(`html[lang=${lang}]`).waitFor()
    await ready()
    for (const [j, width] of [320, 1440].entries()) {
      const colorScheme = (i + j) % 2 === 0 ? 'light' : 'dark'
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      expect(await violations(page), `${lang}, ${width}, ${colorScheme}`).toEqual([])
      expect(await overflow(page), `${lang}, ${width}`).toBe(0)
    }
  }
}

test.each(roomNames)(
  '%s passes axe and does not scroll sideways on a phone and on a desk, light and dark, in both languages',
  async (room) => {
    // A link with a fault in it, so that a notice is seen too, and little work for the rooms that sample.
    const { page } = await visit(
      `room=${room}&t=5000&strange=1&steps=1&editSteps=2&mistakeSteps=2&count=10&guidance=1`,
      { viewport: { width: 360, height: 800 } },
    )
    await accessible(page, async () => {
      await page.locator(`ddpm-${room}`).getByRole('heading', { level: 1 }).waitFor()
      await expect.poll(() => page.locator(`ddpm-${room} [aria-busy=true]`).count(), { timeout: 45_000 }).toBe(0)
      await unfold(page)
    })
  },
)

/** What of a room says that it is at work. */
const working: Readonly<Record<string, string>> = { reverse: 'table', bound: '.cancel' }

test.each(roomNames.filter((room) => room !== 'forward'))('%s passes axe while it runs', async (room) => {
  const state = 'steps=1000&count=4&guidance=1&editSteps=1000&mistakeSteps=400'
  const { page } = await visit(`room=${room}&${state}`, { viewport: { width: 360, height: 800 } })
  const here = page.locator(`ddpm-${room}`)
  await here.locator(working[room] ?? '.cancel').waitFor()
  await accessible(page, () => here.getByRole('heading', { level: 1 }).waitFor())
})

test.each(roomNames)('%s passes axe where what it needs does not arrive', async (room) => {
  const { page } = await visit(`room=${room}&steps=2`, {
    viewport: { width: 360, height: 800 },
    expected: /Failed to load resource|ERR_FAILED/,
    before: (page) => page.route(room === 'forward' ? '**/*.wasm' : '**/*.safetensors', (route) => route.abort()),
  })
  await accessible(page, () => page.locator(`ddpm-${room}`).getByRole('alert').waitFor())
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
