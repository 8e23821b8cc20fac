import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { roomNames } from '../app/rooms.ts'
import { finished, panel, tiles, urlSays } from './support/look.ts'
import { useBrowser, visit } from './support/visit.ts'

useBrowser()

const few = 'steps=4&count=2&guidance=1&editSteps=4&mistakeSteps=4&walkSteps=4'

/** Numbers everything of the room that keys should reach: of a group of radios the one that is chosen. */
function reachable(page: Page, room: string): Promise<string[]> {
  return page.evaluate((room) => {
    const found: string[] = []
    const visit = (root: ParentNode) => {
      for (const element of root.querySelectorAll<HTMLElement>('*')) {
        if (element.shadowRoot) visit(element.shadowRoot)
        if (!element.matches('button, a[href], input, select, summary, [tabindex="0"]')) continue
        if (element.matches(':disabled') || !element.checkVisibility()) continue
        if (element instanceof HTMLInputElement && element.type === 'radio' && !element.checked) continue
        element.dataset['stop'] = String(found.length)
        found.push(element.getAttribute('aria-label') ?? element.id ?? element.localName)
      }
    }
    const app = document.querySelector('ddpm-app')?.shadowRoot
    visit(app?.querySelector(`ddpm-${room}`)?.shadowRoot as ShadowRoot)
    return found
  }, room)
}

/** Where the focus is, and whether it can be seen: on the screen, with an outline about it or what stands for it. */
function focus(page: Page) {
  return page.evaluate(() => {
    let element = document.activeElement
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
    if (!(element instanceof HTMLElement) || element === document.body) return undefined
    const drawn = [element, element.nextElementSibling, element.parentElement].some((one) => {
      const style = one && getComputedStyle(one)
      return style && style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1
    })
    const { bottom, top, right, left } = element.getBoundingClientRect()
    const seen = drawn && bottom > 0 && top < innerHeight && right > 0 && left < innerWidth
    return { stop: element.dataset['stop'], seen, what: element.outerHTML.slice(0, 120) }
  })
}

async function settled(page: Page, room: string): Promise<void> {
  const here = page.locator(`ddpm-${room}`)
  await here.getByRole('heading', { level: 1 }).waitFor()
  if (room === 'forward') {
    // What stands below is made when it is seen first.
    await panel(page, 'cosine', 250).waitFor()
    await here.locator('ddpm-curves').scrollIntoViewIfNeeded()
    await here.getByRole('slider', { name: 'Point 5 of 5' }).waitFor()
    await here.locator('ddpm-chain').evaluate((chain) => chain.scrollIntoView())
    await here.locator('ddpm-chain canvas.chain[data-t="250"]').waitFor()
    await expect.poll(() => here.locator('ddpm-chain ddpm-save button').isEnabled()).toBe(true)
    await page.evaluate(() => scrollTo(0, 0))
  }
  if (room === 'reverse') {
    // The walk sets out when it is seen first.
    await here.locator('table').waitFor()
    await here.locator('ddpm-walk').scrollIntoViewIfNeeded()
    await here.locator('ddpm-walk .progress', { hasText: / steps? in / }).waitFor()
    await page.evaluate(() => scrollTo(0, 0))
  }
  if (room === 'bound') {
    await here.locator('.live').waitFor()
    // Not by a click, which would be where Tab goes on from.
    await here.getByRole('button', { name: 'Stop' }).evaluate((button: HTMLElement) => button.click())
    await here.getByRole('button', { name: 'Compute it again' }).waitFor()
  }
  if (['generate', 'edit', 'break'].includes(room)) {
    await here.locator('.progress', { hasText: / steps? in / }).waitFor()
    await expect.poll(() => here.locator('[aria-busy=true]').count()).toBe(0)
  }
}

test.each(roomNames)('Tab comes to all that the %s room has, in its order, and is seen where it is', async (room) => {
  const { page } = await visit(`room=${room}&${few}&task=blend&hide=opening`, {})
  await settled(page, room)
  const all = await reachable(page, room)
  expect(all.length).toBeGreaterThan(6)
  const stops: string[] = []
  for (let presses = 0; presses < all.length + 40; presses++) {
    await page.keyboard.press('Tab')
    const at = await focus(page)
    if (!at?.stop && stops.length === 0) continue // the page's own, before the room
    if (!at?.stop && stops.length === all.length) break
    expect(at?.seen, at?.what).toBe(true)
    expect(at?.stop, `${at?.what} is none that it should stop at`).toBeDefined()
    stops.push(at?.stop ?? '')
  }
  expect(stops).toEqual(all.map((_, i) => String(i)))
})

describe('by keys alone', () => {
  test('the forward room plays, rests, and another picture is taken', async () => {
    const { page } = await visit('room=forward&t=0', {})
    await panel(page, 'linear', 0).waitFor()
    await page.getByRole('button', { name: 'Play' }).focus()
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Play' }).waitFor()
    await page.getByRole('radio', { name: 'Both' }).focus()
    await page.keyboard.press('ArrowRight')
    await urlSays(page, 'show', 'linear')
  })

  test('a run is gone back through, and its endings are drawn', async () => {
    const { page } = await visit(`room=generate&${few}`, {})
    await finished(page)
    const last = await tiles(page, 'x')
    await page.getByRole('slider', { name: 'Step of the run' }).focus()
    await page.keyboard.press('Home')
    await expect.poll(() => tiles(page, 'x')).not.toEqual(last)
    await page
      .getByRole('img', { name: /step 1 of 4, t = 1,000/ })
      .first()
      .waitFor()
    await page.keyboard.press('ArrowRight')
    await page
      .getByRole('img', { name: /step 2 of 4, t = 750/ })
      .first()
      .waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await urlSays(page, 'branch', '500')
  })

  test('what an edit does is chosen, and how far the picture is noised', async () => {
    const { page } = await visit(`room=edit&${few}`, {})
    await settled(page, 'edit')
    await page.getByRole('slider', { name: 'Noise it to t' }).focus()
    await page.keyboard.press('ArrowLeft')
    await urlSays(page, 'editT', '499')
    await page.getByRole('radio', { name: 'Vary' }).focus()
    await page.keyboard.press('ArrowRight')
    await urlSays(page, 'task', 'fill')
    await page.keyboard.press('ArrowRight')
    await urlSays(page, 'task', 'blend')
    await page.getByRole('img', { name: /^First picture/ }).waitFor()
  })

  test('mistakes are made, and one of them is shown alone', async () => {
    const { page } = await visit(`room=break&${few}`, {})
    await settled(page, 'break')
    await page.getByRole('checkbox', { name: 'Pixels in [0, 1]' }).focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await urlSays(page, 'mistakes', 'range,clip')
    await page.getByRole('button', { name: 'Show this one alone' }).nth(1).focus()
    await page.keyboard.press('Enter')
    await urlSays(page, 'mistakes', 'clip')
  })

  test('the bound looks at another step and another picture', async () => {
    const { page } = await visit(`room=bound&${few}`, {})
    await settled(page, 'bound')
    await page.getByRole('slider', { name: 'Step t' }).focus()
    await page.keyboard.press('ArrowRight')
    await urlSays(page, 'step', '81')
    await page.getByRole('group', { name: 'The picture' }).getByRole('radio', { checked: true }).focus()
    await page.keyboard.press('ArrowLeft')
    await urlSays(page, 'pick', '1')
  })
})
