import { describe, expect, test } from 'vitest'
import { finished, panel, slider, urlSays } from './support/look.ts'
import { useBrowser, visit } from './support/visit.ts'

useBrowser()

describe('the language', () => {
  test('is the visitor’s own, and changes at once, pictures and settings kept', async () => {
    const { page } = await visit('room=forward&t=300', { locale: 'ru-RU' })
    await panel(page, 'linear', 300).waitFor()
    expect(await page.title()).toBe('Прямой · DDPM в\u00a0браузере')
    expect(await page.locator('html').getAttribute('lang')).toBe('ru')
    await page.getByRole('slider', { name: 'Шаг t' }).fill('612')
    await panel(page, 'linear', 612).waitFor()
    await page.getByRole('combobox', { name: 'Язык' }).selectOption('en')
    await page.getByRole('heading', { name: 'Into noise' }).waitFor()
    expect(await slider(page).inputValue()).toBe('612')
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    await urlSays(page, 'lang', 'en')
    await page.goBack()
    await page.getByRole('heading', { name: 'От изображения к шуму' }).waitFor()
  })

  test('is the URL’s where it says one, with numbers as that language writes them', async () => {
    const { page } = await visit('room=generate&steps=2&count=1&guidance=1&lang=ru', {})
    await page.locator('ddpm-generate p.progress', { hasText: /^2 шага за [\d,]+ с$/ }).waitFor()
    // The browser is an English one, and would not have fetched them by itself.
    const statuses = await page.evaluate(() => {
      return [...document.fonts].filter((face) => face.unicodeRange.includes('U+400-45F')).map(({ status }) => status)
    })
    expect(statuses).toEqual(['loaded', 'loaded'])
    await page.getByRole('link', { name: 'Прямой', exact: true }).click()
    await panel(page, 'linear', 250).waitFor()
    expect(await page.locator('ddpm-panel[schedule=linear] dd').first().innerText()).toMatch(/^0,\d{4}$/)
  })

  test('is the last one that was chosen, though another’s words come later', async () => {
    let answer: () => void = () => undefined
    const held = new Promise<void>((resolve) => (answer = resolve))
    const { page } = await visit('room=forward&t=300', {
      before: (page) =>
        page.route('**/assets/ru-*.js', async (route) => {
          await held
          await route.continue()
        }),
    })
    await panel(page, 'linear', 300).waitFor()
    const choice = page.getByRole('combobox', { name: 'Language' })
    await choice.selectOption('ru')
    await choice.selectOption('en')
    answer()
    await urlSays(page, 'lang', 'en')
    await page.waitForLoadState('networkidle')
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    expect(await choice.inputValue()).toBe('en')
  })

  test('whose words do not arrive is told, and the page stays in the one before', async () => {
    const { page } = await visit('room=forward&t=300', {
      before: (page) => page.route('**/assets/ru-*.js', (route) => route.abort()),
      expected: /ERR_FAILED/,
    })
    await panel(page, 'linear', 300).waitFor()
    const choice = page.getByRole('combobox', { name: 'Language' })
    await choice.selectOption('ru')
    await page.getByRole('alert').waitFor()
    await urlSays(page, 'lang', 'en')
    expect(await choice.inputValue()).toBe('en')
  })

  test('that there is none of is told', async () => {
    const { page } = await visit('lang=tlh', {})
    expect(await page.getByRole('alert').innerText()).toContain('“lang=tlh” is not valid (en, ru)')
  })
})

describe('a link', () => {
  test('is shared by the clipboard where there is no sheet, and opens the same', async () => {
    const { page } = await visit('t=10', { permissions: ['clipboard-read', 'clipboard-write'] })
    await panel(page, 'linear', 10).waitFor()
    await slider(page).fill('444')
    await page.getByRole('button', { name: 'Share' }).click()
    await page.getByText('The link is copied').waitFor()
    const link = await page.evaluate(() => navigator.clipboard.readText())
    expect(new URL(link).hash).toContain('t=444')
    const again = await visit(new URL(link).hash.slice(1), {})
    await panel(again.page, 'linear', 444).waitFor()
  })

  test('is shared by the system’s sheet where there is one', async () => {
    const { page } = await visit('t=77', {
      before: (page) =>
        page.addInitScript(() => {
          const shared: unknown[] = []
          Object.assign(window, { shared })
          Object.assign(navigator, { share: (data: unknown) => Promise.resolve(shared.push(data)) })
        }),
    })
    await panel(page, 'linear', 77).waitFor()
    await page.getByRole('button', { name: 'Share' }).click()
    const shared = () => page.evaluate(() => (window as unknown as { shared: { url: string; title: string }[] }).shared)
    await expect.poll(shared).toHaveLength(1)
    expect((await shared())[0]).toMatchObject({ title: 'Forward · DDPM in the browser' })
    expect((await shared())[0]?.url).toMatch(/#room=forward&t=77$/)
    expect(await page.getByText('The link is copied').count()).toBe(0)
  })

  test('is shown, to be copied by hand, where nothing else is allowed', async () => {
    const { page } = await visit('t=5', {
      before: (page) =>
        page.addInitScript(() => {
          navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'))
        }),
    })
    await panel(page, 'linear', 5).waitFor()
    await page.getByRole('button', { name: 'Share' }).click()
    await page.getByText(/This is the link.*#room=forward&t=5/).waitFor()
  })
})

describe('a lecture', () => {
  test('has the rooms and parts that its link leaves', async () => {
    const { page } = await visit('rooms=generate&hide=lead,controls,footer,save&steps=2&count=1&guidance=1', {})
    await finished(page)
    expect(await page.getByRole('navigation').count()).toBe(0)
    for (const hidden of ['ddpm-generate .lead', 'ddpm-settings', 'footer', 'ddpm-save']) {
      expect(await page.locator(hidden).filter({ visible: true }).count(), hidden).toBe(0)
    }
    expect(await page.locator('.next').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Generate' }).isVisible()).toBe(true)
  })

  test('can be the room alone', async () => {
    const { page } = await visit('room=forward&hide=bar,opening,next,footer,lead,controls&t=100', {})
    await panel(page, 'linear', 100).waitFor()
    expect(await page.getByRole('banner').count()).toBe(0)
    expect(await page.locator('ddpm-opening').count()).toBe(0)
    await slider(page).fill('200')
    await urlSays(page, 't', '200')
    await urlSays(page, 'hide', 'bar,opening,lead,controls,next,footer')
  })
})

test('a room whose code does not arrive is told, and a retry fetches it', async () => {
  const { page } = await visit('room=generate&steps=2&count=1&guidance=1', {
    before: (page) => page.route('**/ddpm-generate-*.js', (route) => route.abort()),
    expected: /Failed to load|net::ERR|import/,
  })
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('alert').innerText()).toContain('did not arrive')
  await page.unroute('**/ddpm-generate-*.js')
  await page.getByRole('button', { name: 'Try again' }).click()
  await finished(page)
})

test('a link to a room that is clicked with Control opens in a tab of its own', async () => {
  const { page } = await visit('room=forward&t=300', {})
  const [tab] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: 'Bound', exact: true }).click({ modifiers: ['ControlOrMeta'] }),
  ])
  expect(tab.url()).toContain('room=bound')
  expect(page.url()).toContain('room=forward')
})

test('the button that starts a run keeps the focus while it goes on, and after', async () => {
  const { page } = await visit('room=generate&sampler=ddim&steps=3&guidance=1&count=2', {})
  await finished(page)
  const button = page.locator('ddpm-generate button.main')
  await button.focus()
  await page.keyboard.press('Enter')
  await finished(page)
  expect(await button.evaluate((element) => element.matches(':focus'))).toBe(true)
})
