import type { Page } from 'playwright-core'
import { launch } from '../../tests/support/browser.ts'
import type { Site } from './site.ts'

export interface Visit {
  readonly page: Page
  close(): Promise<void>
}

export async function version(): Promise<string> {
  const browser = await launch()
  await browser.close()
  return browser.version()
}

/** A browser of its own with the page open in it, to be driven. */
export async function visit(site: Site, kind: 'isolated' | 'plain'): Promise<Visit> {
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
  await page.goto(`${site.url}/${kind}/`)
  await page.waitForFunction(() => 'bench' in window)
  return { page, close: () => browser.close() }
}
