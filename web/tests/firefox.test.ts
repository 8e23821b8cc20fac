import { afterAll, beforeAll, test } from 'vitest'
import { firefox, launchFirefox } from './support/firefox.ts'
import { commandLine } from './support/hosted.ts'
import { serve } from './support/site.ts'
import { tour } from './support/tour.ts'

let site: Awaited<ReturnType<typeof serve>>
let command: ReturnType<typeof commandLine>
beforeAll(async () => {
  site = await serve()
  command = commandLine()
}, 180_000)
afterAll(async () => {
  command.remove()
  await site.close()
})

test('every room works in Firefox', { timeout: 180_000 }, async ({ skip }) => {
  if (firefox === undefined) return skip('There is no Firefox here: install one, or set FIREFOX to its path.')
  const browser = await launchFirefox(firefox)
  try {
    await tour(browser, site.url, command)
  } finally {
    await browser.close()
  }
})
