import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { checkpoint } from '../../engine/tests/support.ts'
import { serve } from './site.ts'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

function executable(): string {
  const found = process.env['CHROME'] ?? usual.find((path) => existsSync(path))
  if (!found) throw new Error('These tests need Chromium or Chrome: install one, or set CHROME to its path.')
  return found
}

let browser: Browser
let site: Awaited<ReturnType<typeof serve>>
const visits: Visit[] = []

/** A page of its own profile. What it complains of fails the test, unless the test expects it. */
export interface Visit {
  readonly page: Page
  readonly complaints: string[]
  /** Complaints that the test provokes. */
  expected: RegExp | undefined
}

/** Starts a browser and the site for the tests of a file, and sees that no page complained. */
export function useBrowser(): void {
  beforeAll(async () => {
    site = await serve()
    browser = await chromium.launch({ executablePath: executable(), args: flags })
  })
  afterEach(async () => {
    const ended = visits.splice(0)
    for (const visit of ended) await visit.page.context().close()
    for (const { complaints, expected } of ended) {
      expect(complaints.filter((complaint) => !expected?.test(complaint))).toEqual([])
    }
  })
  afterAll(async () => {
    await browser.close()
    await site.close()
  })
}

export interface VisitOptions extends BrowserContextOptions {
  /** Which network: the shipped one, or a tiny one with random weights that runs in no time. Default: tiny. */
  readonly weights?: 'shipped' | 'tiny'
  /** Runs before the page is opened: routes, mostly. */
  readonly before?: (page: Page) => Promise<unknown>
  readonly expected?: RegExp
}

/** Opens the page with a state in its fragment, such as "room=generate&count=4". */
export async function visit(
  state = '',
  { before, expected, weights = 'tiny', ...options }: VisitOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(45_000)
  const made: Visit = { page, complaints: [], expected }
  visits.push(made)
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    // The tests read canvases over and over, the page never does.
    if (!message.text().includes('willReadFrequently')) made.complaints.push(message.text())
  })
  page.on('pageerror', (error) => made.complaints.push(String(error)))
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== new URL(site.url).origin) {
      made.complaints.push(`asked another origin: ${request.url()}`)
    }
  })
  if (weights === 'tiny') {
    await page.route('**/*.safetensors', (route) => route.fulfill({ body: Buffer.from(checkpoint()) }))
  }
  await before?.(page)
  await page.goto(state ? `${site.url}#${state}` : site.url)
  return made
}
