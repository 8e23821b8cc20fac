// What a visitor who was here before waits for: `make bench-page`. The built page in Chromium, compressed and kept by
// the browser as GitHub Pages lets it; each room as a phone and as a desktop, the processor not slowed down.
//
//   fetched       what a first visit transfers, all of it: networks too
//   first picture from the navigation to the frame that carries the room's first picture, as the thread is idle again; – where
//                 it only has plots
//   loading       the longest task of the page's own thread until the room has drawn what it draws by itself, in
//                 milliseconds of the processor
//   in use        the same while every slider is moved, the page is scrolled, and the room's work is begun anew
//   shift         the sum of all layout shifts of a load and of the use
//
// Medians of LOADS loads (default 5), but tasks and shifts are the worst of all. ROOMS=bound,edit looks at these only;
// DIST=FOLDER at another build; README=FILE writes the table there, between its marks.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BrowserContext, Page } from 'playwright-core'
import { roomNames } from '../../app/rooms.ts'
import { launchProfile } from '../support/browser.ts'
import { serve } from '../support/site.ts'
import { longestTask, type Task } from './tasks.ts'

const loads = Number(process.env['LOADS'] || 5)
const rooms = process.env['ROOMS']?.split(',').filter(Boolean) ?? []
const folder = process.env['DIST'] ?? fileURLToPath(new URL('../../dist', import.meta.url))
/** Milliseconds in which a room draws what it draws by itself, and in which what was begun goes on. */
const settling = 2500
const devices = {
  phone: { viewport: { width: 412, height: 823 }, deviceScaleFactor: 1.75, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1350, height: 940 } },
} as const

interface Notes {
  readonly picture: number
  readonly shift: number
}

/** Runs in the page before its own scripts: notes the first picture and what moves. */
function watch(): void {
  const notes = { picture: 0, shift: 0 }
  Object.assign(globalThis, { notes })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
      if (!entry.hadRecentInput) notes.shift += entry.value
    }
  }).observe({ type: 'layout-shift', buffered: true })
  for (const name of ['putImageData', 'drawImage'] as const) {
    const draw = CanvasRenderingContext2D.prototype[name] as (...args: unknown[]) => void
    CanvasRenderingContext2D.prototype[name] = function (this: CanvasRenderingContext2D, ...args: unknown[]) {
      Reflect.apply(draw, this, args)
      // Others are not on the page yet, or small ones to choose from.
      if (notes.picture || !(this.canvas.getRootNode() instanceof ShadowRoot)) return
      if (this.canvas.closest('label, button')) return
      notes.picture = Infinity
      requestAnimationFrame(() => setTimeout(() => (notes.picture = performance.now())))
    }
  }
}

const notesOf = (page: Page) => page.evaluate('notes') as Promise<Notes>

interface Row {
  readonly fetched: number
  readonly picture: number
  readonly shift: number
  readonly loading: Task
  readonly use: Task
}

async function measure(context: BrowserContext, url: string): Promise<Row> {
  const fetched = await firstVisit(context, url)
  await load(context, url) // what was compiled is kept from the second visit on
  const all = []
  for (let i = 0; i < loads; i++) all.push(await load(context, url))
  const used = await load(context, url, true)
  const pictures = all.map(({ picture }) => picture).sort((a, b) => a - b)
  return {
    fetched,
    picture: pictures[Math.floor(pictures.length / 2)] ?? Infinity,
    shift: Math.max(used.shift, ...all.map(({ shift }) => shift)),
    loading: worst(all.map(({ task }) => task)),
    use: used.task,
  }
}

function worst(tasks: readonly Task[]): Task {
  return tasks.reduce((a, b) => (b.milliseconds > a.milliseconds ? b : a))
}

/** Bytes over the wire, workers' too. */
async function firstVisit(context: BrowserContext, url: string): Promise<number> {
  const page = await context.newPage()
  const sizes: Promise<number>[] = []
  context.on('requestfinished', (request) => {
    sizes.push(
      request.sizes().then(({ responseBodySize, responseHeadersSize }) => responseBodySize + responseHeadersSize),
    )
  })
  await page.goto(url)
  await page.waitForTimeout(settling)
  const sum = (await Promise.all(sizes)).reduce((a, b) => a + b, 0)
  context.removeAllListeners('requestfinished')
  await page.close()
  return sum
}

async function load(context: BrowserContext, url: string, use = false): Promise<Notes & { task: Task }> {
  const page = await context.newPage()
  await page.addInitScript(watch)
  const session = await context.newCDPSession(page)
  const open = async () => {
    await page.goto(url)
    await page.waitForTimeout(settling)
  }
  if (use) await open()
  const task = await longestTask(session, use ? () => handle(page) : open)
  const notes = await notesOf(page)
  await page.close()
  return { ...notes, task }
}

/** Does what a visitor does in any room. */
async function handle(page: Page): Promise<void> {
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 }
  await page.mouse.move(width / 2, height / 2)
  const length = await page.evaluate(() => document.documentElement.scrollHeight)
  for (let y = 0; y < length; y += 100) {
    await page.evaluate(() => scrollBy(0, 100))
    await page.waitForTimeout(30)
  }
  for (const slider of await page.locator('input[type=range]:visible').all()) {
    await slider.focus()
    for (const key of [...Array<string>(10).fill('ArrowLeft'), ...Array<string>(10).fill('ArrowRight')]) {
      await page.keyboard.press(key)
      await page.waitForTimeout(30)
    }
  }
  const begin = page.locator('button.main:visible:enabled')
  if ((await begin.count()) > 0) await begin.first().click()
  await page.waitForTimeout(settling)
}

const site = await serve(folder, { asPages: true })
const lines: string[][] = []
const say = (row: string[]) => {
  lines.push(row)
  console.log(row.join(' | '))
}
say([
  'room',
  'on a',
  'fetched, kB',
  'first picture, ms',
  'loading: longest task, ms',
  'in use: longest task, ms',
  'layout shift',
])
try {
  for (const room of rooms.length > 0 ? rooms : roomNames) {
    for (const [device, options] of Object.entries(devices)) {
      const profile = await mkdtemp(join(tmpdir(), 'ddpm-profile-'))
      const context = await launchProfile(profile, options)
      try {
        const row = await measure(context, `${site.url}#room=${room}`)
        const task = ({ milliseconds, parts }: Task) => `${milliseconds.toFixed(0)} (${parts.join(', ')})`
        say([
          room,
          device,
          (row.fetched / 1000).toFixed(0),
          row.picture ? row.picture.toFixed(0) : '–',
          task(row.loading),
          task(row.use),
          row.shift.toFixed(4),
        ])
      } finally {
        await context.close()
        await rm(profile, { recursive: true, force: true })
      }
    }
  }
} finally {
  await site.close()
}
const file = process.env['README'] && fileURLToPath(new URL(`../../../${process.env['README']}`, import.meta.url))
if (file) {
  const [begin, end] = ['<!-- bench-page: written by make bench-page README=README.md -->', '<!-- /bench-page -->']
  const before = await readFile(file, 'utf8')
  const [head, rest] = before.split(begin)
  const tail = rest?.split(end)[1]
  if (head === undefined || tail === undefined) throw new Error(`${file} has no place for the table: ${begin} … ${end}`)
  const [header = [], ...rows] = lines
  // What the tasks were is for who makes the page; the table has their lengths.
  const cells = (row: readonly string[]) => `| ${row.map((cell) => cell.replace(/ \(.*\)/, '')).join(' | ')} |`
  const rule = `|${header.map((_, i) => (i < 2 ? '---|' : '---:|')).join('')}`
  const table = [cells(header), rule, ...rows.map(cells)].join('\n')
  const where = `${cpus()[0]?.model.trim() ?? 'A processor'}, ${cpus().length} cores; medians of ${loads} loads, tasks and shifts the worst.`
  await writeFile(file, `${head}${begin}\n${where}\n\n${table}\n${end}${tail}`)
}
