import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { finished, panel, slider, tiles } from './support/look.ts'
import { useBrowser, visit } from './support/visit.ts'

useBrowser()

const few = 'room=generate&steps=2&count=2&guidance=1'
const retry = (page: Page) => page.getByRole('alert').getByRole('button', { name: 'Try again' })

describe('when the engine cannot be had', () => {
  test.each([
    [
      'blocked',
      'did not arrive',
      /Failed to load resource|net::ERR/,
      (page: Page) => page.route('**/*.wasm', (route) => route.abort()),
    ],
    [
      'not there',
      'did not arrive',
      /404/,
      (page: Page) => page.route('**/*.wasm', (route) => route.fulfill({ status: 404 })),
    ],
    [
      'damaged',
      'damaged',
      /never/,
      (page: Page) =>
        page.route('**/*.wasm', (route) => route.fulfill({ contentType: 'application/wasm', body: 'not wasm' })),
    ],
  ])('because it is %s, that is told, and a retry recovers', async (_, words, expected, before) => {
    const { page } = await visit('t=300', { before, expected })
    await retry(page).waitFor()
    expect(await page.getByRole('alert').innerText()).toContain(words)
    await page.unroute('**/*.wasm')
    await retry(page).click()
    await panel(page, 'linear', 300).waitFor()
    await page.getByRole('alert').waitFor({ state: 'detached' })
  })
})

describe('when the weights cannot be had', () => {
  test.each([
    ['not there', 'did not arrive', { status: 404 }],
    ['damaged', 'damaged', { body: 'not safetensors' }],
  ])('because they are %s, the forward room works all the same, and a retry recovers', async (_, words, answer) => {
    const { page } = await visit(few, {
      weights: 'shipped',
      before: (page) => page.route('**/*.safetensors', (route) => route.fulfill(answer)),
      expected: /404/,
    })
    await retry(page).waitFor()
    expect(await page.getByRole('alert').innerText()).toContain(words)
    await page.getByRole('link', { name: 'Forward', exact: true }).click()
    await panel(page, 'linear', Number(await slider(page).inputValue())).waitFor()
    await page.unroute('**/*.safetensors')
    await page.getByRole('link', { name: 'Generate', exact: true }).click()
    await retry(page).click()
    await finished(page)
  })
})

/** Lets a test kill the engines that are running: the next Step or Noise of each panics for real. */
async function mortal(page: Page): Promise<void> {
  await page.route('**/worker-*.js', async (route) => {
    const response = await route.fetch()
    const prefix = `
      const instantiate = WebAssembly.instantiate
      WebAssembly.instantiate = async (...all) => {
        const { exports } = await instantiate(...all)
        const doomed = (call) => (...args) => (self.doomed ? exports.Free(1) : call(...args))
        return { exports: { ...exports, Step: doomed(exports.Step), Noise: doomed(exports.Noise) } }
      };`
    await route.fulfill({ response, body: prefix + (await response.text()) })
  })
}

async function kill(page: Page): Promise<void> {
  await Promise.all(page.workers().map((worker) => worker.evaluate('self.doomed = true')))
}

describe('when the engine crashes', () => {
  test('in a run, that is told, the part done is kept, and a retry runs', async () => {
    const { page } = await visit('room=generate&sampler=ddpm&steps=1000&count=2&guidance=1', {
      weights: 'shipped',
      before: mortal,
      expected: /./,
    })
    await page.locator('ddpm-generate p.progress', { hasText: /^Step \d/ }).waitFor()
    await kill(page)
    await retry(page).waitFor()
    expect(await page.getByRole('alert').innerText()).toContain('stopped unexpectedly')
    expect(await tiles(page, 'x')).toHaveLength(2)
    await page.getByLabel('Steps', { exact: true }).fill('2')
    await page.keyboard.press('Tab')
    await retry(page).click()
    await finished(page)
  })

  test('under the slider, a fresh one takes over without a word', async () => {
    const { page } = await visit('t=200', { before: mortal, expected: /./ })
    await panel(page, 'linear', 200).waitFor()
    await kill(page)
    await slider(page).fill('700')
    await panel(page, 'linear', 700).waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
  })
})

test('a damaged file is fetched again past what the browser keeps of it', async () => {
  const asked: Promise<Record<string, string>>[] = []
  const { page } = await visit(few, {
    weights: 'shipped',
    before: async (page) => {
      await page.route('**/*.safetensors', (route) => route.fulfill({ body: 'not safetensors' }))
      page.on('request', (request) => {
        if (request.url().endsWith('.safetensors')) asked.push(request.allHeaders())
      })
    },
  })
  await retry(page).waitFor()
  await page.unroute('**/*.safetensors')
  await retry(page).click()
  await finished(page)
  expect((await asked.at(-1))?.['cache-control']).toBe('no-cache')
})

test('a sample picture that does not arrive is told, and a retry paints it', async () => {
  const { page } = await visit('t=300', {
    before: (page) => page.route('**/painter-*.js', (route) => route.abort()),
    expected: /ERR_FAILED|painter/,
  })
  await retry(page).waitFor()
  await page.unroute('**/painter-*.js')
  await retry(page).click()
  await panel(page, 'linear', 300).waitFor()
})
