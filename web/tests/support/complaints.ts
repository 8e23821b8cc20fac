import type { Page } from 'playwright-core'

// The tests read canvases over and over, the page never does; and they keep service workers out.
const ours = ['willReadFrequently', 'Service Worker registration blocked by Playwright']

/** What a page complains of, from now on, but for what its being tested brings. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    if (!ours.some((words) => message.text().includes(words))) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  return complaints
}
