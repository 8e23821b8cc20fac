import { expect, test } from 'vitest'
import { roomNames } from '../app/rooms.ts'
import { useBrowser, visit } from './support/visit.ts'

// What can be told of the page's loading without a clock; `make bench-page` measures the rest.

useBrowser()

/** Runs in the page before its own scripts. */
function watch(): void {
  const seen = { shift: 0, moved: [] as string[], onPage: [] as string[] }
  Object.assign(globalThis, { seen })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & {
      value: number
      hadRecentInput: boolean
      sources: { previousRect: DOMRect; currentRect: DOMRect }[]
    })[]) {
      if (entry.hadRecentInput) continue
      seen.shift += entry.value
      seen.moved.push(`${entry.value} ${JSON.stringify(entry.sources)}`)
    }
  }).observe({ type: 'layout-shift', buffered: true })
  // The engine runs in workers. The window may compile, which the browser does elsewhere, but not run it.
  for (const name of ['instantiate', 'instantiateStreaming', 'Module', 'Instance'] as const) {
    const its = WebAssembly[name] as object
    const told = new Proxy(its, {
      apply(_, __, args: unknown[]) {
        seen.onPage.push(name)
        return Reflect.apply(its as () => unknown, WebAssembly, args)
      },
      construct(_, args: unknown[]) {
        seen.onPage.push(name)
        return Reflect.construct(its as new () => object, args)
      },
    })
    Object.assign(WebAssembly, { [name]: told })
  }
}

interface Seen {
  readonly shift: number
  readonly moved: readonly string[]
  readonly onPage: readonly string[]
}

for (const [device, width] of [
  ['phone', 360],
  ['desktop', 1280],
] as const) {
  test.each(roomNames)(`the room %s fills without moving anything, on a ${device}`, async (room) => {
    const { page } = await visit(`room=${room}`, {
      viewport: { width, height: 800 },
      weights: 'shipped',
      before: (page) => page.addInitScript(watch),
    })
    // What it draws by itself is there, and so is what stands below.
    await page.locator(`ddpm-${room} canvas`).first().waitFor()
    await page.locator('ddpm-app p.next').waitFor()
    await page.waitForFunction((tag) => {
      const inside = document.querySelector('ddpm-app')?.shadowRoot?.querySelector(tag)?.shadowRoot
      return inside?.querySelector('ddpm-save')?.hasAttribute('disabled') === false
    }, `ddpm-${room}`)
    const { shift, moved, onPage } = (await page.evaluate('seen')) as Seen
    expect(shift, moved.join('\n')).toBeLessThan(0.001)
    expect(onPage).toEqual([])
  })
}

test.each(roomNames)('the words of the room %s are there before the engine and the network', async (room) => {
  let go: () => void = () => undefined
  const held = new Promise<void>((resolve) => (go = resolve))
  const { page } = await visit(`room=${room}`, {
    before: async (page) => {
      for (const heavy of ['**/*.wasm', '**/*.safetensors']) {
        await page.route(heavy, async (route) => {
          await held
          await route.continue()
        })
      }
    },
    weights: 'shipped',
  })
  await page.locator(`ddpm-${room}`).getByRole('heading', { level: 1 }).waitFor()
  await page.locator(`ddpm-${room} .room`).first().waitFor()
  await page.locator('ddpm-app footer').waitFor()
  go()
  await page.locator(`ddpm-${room} canvas`).first().waitFor()
})
