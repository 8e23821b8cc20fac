import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { checkpoint } from '../../engine/tests/support.ts'
import { launch } from './browser.ts'
import { complaintsOf } from './complaints.ts'
import { serve } from './site.ts'

let browser: Browser
let site: Awaited<ReturnType<typeof serve>>
/** Pages of the test that runs. */
let fresh: Visit[] = []
/** The page that plain visits of a file share: it goes from state to state, as a visitor does. */
let shared: Visit | undefined

/** What a page complains of fails the test, unless the test expects it. */
export interface Visit {
  readonly page: Page
  readonly complaints: string[]
  readonly expected: RegExp | undefined
}

/**
 * Starts a browser and the site for the tests of a file, and sees that no page complained. `build` gives the folder
 * of another site than the one that was built.
 */
export function useBrowser(build?: () => Promise<string>): void {
  beforeAll(async () => {
    site = await serve(await build?.())
    browser = await launch()
  }, 180_000)
  afterEach(async () => {
    const ended = fresh
    fresh = []
    for (const { page } of ended) await page.context().close()
    const all = shared ? [...ended, shared] : ended
    for (const { complaints, expected } of all) {
      expect(complaints.splice(0).filter((complaint) => !expected?.test(complaint))).toEqual([])
    }
  })
  afterAll(async () => {
    shared = undefined
    await browser.close()
    await site.close()
  })
}

export interface VisitOptions extends BrowserContextOptions {
  /** Which network: the site's own, or a tiny one with random weights that runs in no time. Default: tiny. */
  readonly weights?: 'shipped' | 'tiny'
  /** Runs before the page is opened: routes, mostly. */
  readonly before?: (page: Page) => Promise<unknown>
  readonly expected?: RegExp
  /** Another page of the site. */
  readonly path?: string
}

/**
 * Goes to a state such as "room=generate&count=4" on the page that the file's
 * tests share, or, with options (`{}` will do), on one with a profile of its own.
 */
export async function visit(state: string, options?: VisitOptions): Promise<Visit> {
  if (options) {
    const { path = '', ...rest } = options
    const made = await open(rest)
    fresh.push(made)
    await made.page.goto(`${site.url}${path}#${state}`)
    return made
  }
  shared ??= await open({})
  await shared.page.goto(`${site.url}#${state}`)
  return shared
}

async function open({ before, expected, weights = 'tiny', ...options }: VisitOptions): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    // What it answers, a test's routes would not see.
    serviceWorkers: 'block',
    ...options,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(45_000)
  const complaints = complaintsOf(page)
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== new URL(site.url).origin) {
      complaints.push(`asked another origin: ${request.url()}`)
    }
  })
  if (weights === 'tiny') {
    await page.route('**/*.safetensors', (route) => route.fulfill({ body: Buffer.from(checkpoint()) }))
  }
  await before?.(page)
  return { page, complaints, expected }
}
