import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { launch } from '../../tests/support/browser.ts'
import type { Site } from './site.ts'

export interface Visit {
  readonly page: Page
  /** The most memory that the page's process has held, in bytes; undefined where /proc does not tell. */
  peak(): Promise<number | undefined>
  close(): Promise<void>
}

export async function version(): Promise<string> {
  const browser = await launch()
  await browser.close()
  return browser.version()
}

/** A browser of its own with the page open in it: nothing is warm, and nobody else's memory counts. */
export async function visit(
  site: Site,
  kind: 'isolated' | 'plain',
  query: Readonly<Record<string, string>> = {},
): Promise<Visit> {
  const browser = await launch()
  const page = await browser.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`page: ${message.text()}`)
  })
  // Who waits for a thread that has failed waits for ever: end the visit instead.
  page.on('pageerror', (error) => {
    console.error(`page: ${error.message}`)
    void browser.close()
  })
  page.setDefaultTimeout(0)
  await page.goto(`${site.url}/${kind}/?${new URLSearchParams(query)}`)
  await page.waitForFunction(() => 'bench' in window)
  return { page, peak: () => peak(browser), close: () => browser.close() }
}

async function peak(browser: Browser): Promise<number | undefined> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const peaks = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => {
      try {
        return 1024 * Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1])
      } catch {
        return Number.NaN
      }
    })
  const most = Math.max(...peaks)
  return Number.isFinite(most) ? most : undefined
}
