import { expect, test } from 'vitest'
import { panel, slider, urlSays } from './support/look.ts'
import { useBrowser, visit } from './support/visit.ts'

useBrowser()

test('a page that was visited opens without a connection, and is the newest where there is one', async () => {
  const { page } = await visit('t=300', {
    serviceWorkers: 'allow',
    expected: /ERR_INTERNET_DISCONNECTED|Failed to load/,
  })
  await panel(page, 'linear', 300).waitFor()
  // It has taken over, and knows the engine.
  const ready = () =>
    page.evaluate(async () => {
      const cache = await caches.open('ddpm')
      const kept = (await cache.keys()).map(({ url }) => url)
      return kept.some((url) => url.endsWith('.wasm')) && (await cache.match('version')) !== undefined
    })
  await expect.poll(ready, { timeout: 45_000 }).toBe(true)
  await page.context().setOffline(true)
  await page.reload()
  await panel(page, 'linear', 300).waitFor()
  await slider(page).fill('612')
  await panel(page, 'cosine', 612).waitFor()
  await urlSays(page, 't', '612')

  await page.context().setOffline(false)
  // Online, an old copy of the page itself is never shown.
  await page.evaluate(async () => {
    const cache = await caches.open('ddpm')
    await cache.put(
      location.href.replace(/#.*/, ''),
      new Response('an old version', { headers: { 'Content-Type': 'text/html' } }),
    )
  })
  await page.reload()
  await panel(page, 'linear', 612).waitFor()
  expect(await page.getByText('an old version').count()).toBe(0)
})

test('where there is no room to keep anything, the page is as it is without', async () => {
  const { page } = await visit('t=300', { serviceWorkers: 'allow' })
  await panel(page, 'linear', 300).waitFor()
  await expect
    .poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null), { timeout: 45_000 })
    .toBe(true)
  const browser = await page.context().newCDPSession(page)
  await browser.send('Storage.overrideQuotaForOrigin', { origin: new URL(page.url()).origin, quotaSize: 1 })
  await page.evaluate(() => caches.delete('ddpm'))
  await page.reload()
  await panel(page, 'linear', 300).waitFor()
})
