// How long a visitor waits for the forward process: `make bench-forward`. The built page in Chromium, a
// picture of 1024×1024, real mouse events on the slider and on "Draw again".
//
// For each move the page and its worker note, on one clock (performance.timeOrigin + now):
//
//   event    when the browser received the mouse event (event.timeStamp)
//   heard    when the page is told of it: the browser keeps moves until the next frame begins
//   asked    when the worker begins the first call that computes a picture
//   computed when the last such call has returned
//   painting when the first putImageData begins
//   painted  when the last one has returned
//   frame    when the next animation frame begins: the one that carries the pixels
//
// The page hears of a move as a frame begins. If the picture is painted before the next one begins, 16.7 ms
// later, that one shows it: later than that is counted as late. The waits for frames, from event to heard and
// from painted to frame, are the screen's and up to 16.7 ms each, whatever is computed.
//
// MOVES=n takes n moves, DIST=FOLDER another build of the page.

import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { launch } from '../support/browser.ts'
import { colourful, pngFile } from '../support/pictures.ts'
import { serve } from '../support/site.ts'

const side = 1024
const frame = 1000 / 60
const moves = Number(process.env['MOVES'] ?? 60)
const folder = process.env['DIST'] ?? fileURLToPath(new URL('../../dist', import.meta.url))

interface Times {
  readonly event: number
  readonly heard: number
  readonly asked: number
  readonly computed: number
  readonly painting: number
  readonly painted: number
  readonly frame: number
}

/** Runs in the page before its own scripts: notes when things happen. */
function watch(): void {
  const now = () => performance.timeOrigin + performance.now()
  const notes = { event: 0, heard: 0, painting: 0, painted: 0 }
  const note = (event: Event) => {
    notes.event = performance.timeOrigin + event.timeStamp
    notes.heard = now()
  }
  addEventListener('pointermove', note, true)
  addEventListener('click', note, true)
  const { putImageData } = CanvasRenderingContext2D.prototype
  CanvasRenderingContext2D.prototype.putImageData = function (this: CanvasRenderingContext2D, ...args: unknown[]) {
    notes.painting ||= now()
    Reflect.apply(putImageData, this, args)
    notes.painted = now()
  }
  Object.assign(globalThis, {
    /** Resolves in the frame after the canvases have been painted anew, `count` of them. */
    nextPicture: async (count: number) => {
      notes.painting = 0
      const canvases = [...document.querySelectorAll('ddpm-app')]
        .flatMap((app) => [...(app.shadowRoot?.querySelectorAll('ddpm-forward') ?? [])])
        .flatMap((room) => [...(room.shadowRoot?.querySelectorAll('ddpm-panel') ?? [])])
        .map((panel) => panel.shadowRoot?.querySelector('canvas') as HTMLCanvasElement)
      if (canvases.length !== count) throw new Error(`${canvases.length} pictures are shown, want ${count}`)
      await Promise.all(
        canvases.map(
          (canvas) =>
            new Promise<void>((resolve) => {
              const observer = new MutationObserver(() => {
                observer.disconnect()
                resolve()
              })
              observer.observe(canvas, { attributeFilter: ['data-t'] })
            }),
        ),
      )
      return new Promise((resolve) => requestAnimationFrame(() => resolve({ ...notes, frame: now() })))
    },
  })
}

/** Lets the worker note when the module's Noise is called and returns. */
const prefix = `
  const instantiate = WebAssembly.instantiate
  const now = () => performance.timeOrigin + performance.now()
  self.calls = []
  WebAssembly.instantiate = async (...all) => {
    const { exports } = await instantiate(...all)
    const Noise = (...args) => {
      const asked = now()
      const status = exports.Noise(...args)
      self.calls.push([asked, now()])
      return status
    }
    return { exports: { ...exports, Noise } }
  };`

async function calls(page: Page): Promise<[number, number][]> {
  const all = await Promise.all(page.workers().map((worker) => worker.evaluate('self.calls.splice(0)')))
  return all.flat() as [number, number][]
}

/** Does something to the page, and gives the times until its pictures are there. */
async function timed(page: Page, pictures: number, act: () => Promise<unknown>): Promise<Times> {
  await calls(page)
  const next = page.evaluate(
    (count) => (globalThis as never as { nextPicture(count: number): Promise<unknown> }).nextPicture(count),
    pictures,
  )
  await page.evaluate('0') // nextPicture stands
  await act()
  const notes = (await next) as Omit<Times, 'asked' | 'computed'>
  const made = await calls(page)
  return {
    ...notes,
    asked: Math.min(...made.map(([asked]) => asked)),
    computed: Math.max(...made.map(([, done]) => done)),
  }
}

function table(title: string, all: readonly Times[]): void {
  const row = (name: string, of: (t: Times) => number) => {
    const sorted = all.map(of).sort((a, b) => a - b)
    const at = (share: number) =>
      (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number).toFixed(1)
    console.log(`  ${name.padEnd(44)}${at(0.5).padStart(8)}${at(0.95).padStart(8)}`)
  }
  console.log(`${title}, ms${' '.repeat(Math.max(1, 42 - title.length))}${'median'.padStart(8)}${'p95'.padStart(8)}`)
  row('event → the page hears of it', (t) => t.heard - t.event)
  row('→ the worker begins', (t) => t.asked - t.heard)
  row('computing', (t) => t.computed - t.asked)
  row('to the page and its update', (t) => t.painting - t.computed)
  row('painting the canvas', (t) => t.painted - t.painting)
  row('heard → painted', (t) => t.painted - t.heard)
  row('heard → the frame that carries it begins', (t) => t.frame - t.heard)
  row('event → the frame that carries it begins', (t) => t.frame - t.event)
  const late = all.filter((t) => t.painted - t.heard > frame).length
  console.log(`  painted later than 16.7 ms after it was heard: ${late} of ${all.length}\n`)
}

const site = await serve(folder)
const browser = await launch()
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  await page.addInitScript(watch)
  await page.route('**/worker-*.js', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: prefix + (await response.text()) })
  })
  await page.goto(`${site.url}#t=500`)
  await page.locator('ddpm-side input[type=file]').setInputFiles(await pngFile(colourful(side, side)))
  for (const [show, pictures] of [
    ['linear', 1],
    ['both', 2],
  ] as const) {
    await page.locator(`ddpm-side input[value=${show}]`).check({ force: true })
    await page
      .locator(`ddpm-panel canvas[width="${side}"][data-t="500"]`)
      .nth(pictures - 1)
      .waitFor()
    const box = await page.locator('ddpm-time input').boundingBox()
    if (!box) throw new Error('no slider')
    const y = box.y + box.height / 2
    await page.mouse.move(box.x + box.width / 2, y)
    await page.mouse.down()
    const held: Times[] = []
    const moved = 1 + Math.floor(box.width / 3 / moves)
    for (let i = 0; i < moves + 5; i++) {
      const x = box.x + box.width * 0.2 + i * moved
      const times = await timed(page, pictures, () => page.mouse.move(x, y))
      if (i >= 5) held.push(times) // the first ones find cold code
      await page.waitForTimeout(5 + Math.random() * frame)
    }
    await page.mouse.up()
    table(`${side}×${side}, ${show}: the slider moves, ε held`, held)

    const fresh: Times[] = []
    const again = page.getByRole('button', { name: 'Draw again' })
    const button = await again.boundingBox()
    if (!button) throw new Error('no button')
    for (let i = 0; i < moves / 2; i++) {
      fresh.push(
        await timed(page, pictures, () => page.mouse.click(button.x + button.width / 2, button.y + button.height / 2)),
      )
      await page.waitForTimeout(5 + Math.random() * frame)
    }
    table(`${side}×${side}, ${show}: fresh ε`, fresh)
    await page.locator('ddpm-time input').fill('500')
    await page
      .locator(`ddpm-panel canvas[width="${side}"][data-t="500"]`)
      .nth(pictures - 1)
      .waitFor()
  }
} finally {
  await browser.close()
  await site.close()
}
