import { afterAll, beforeAll, test } from 'vitest'
import { launchWebKit, webkit } from './support/webkit.ts'
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

test('every room works in WebKit', { timeout: 180_000 }, async ({ skip }) => {
  if (webkit === undefined) return skip('There is no WebKitGTK here: apt-get install webkit2gtk-driver xvfb')
  const browser = await launchWebKit(webkit)
  try {
    await tour(browser, site.url, command)
  } finally {
    await browser.close()
  }
})
