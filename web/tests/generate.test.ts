import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { finished, panel, spread, tiles, urlSays } from './support/look.ts'
import { useBrowser, visit } from './support/visit.ts'

useBrowser()

const few = 'room=generate&sampler=ddim&steps=3&seed=5&classes=1,2&guidance=1&count=4'
const long = 'room=generate&sampler=ddpm&steps=1000&seed=5&classes=0-2&guidance=1&count=4'
const button = (name: string) => ({ name, exact: true })

describe('a run', () => {
  test('draws pictures of the classes asked for, and its URL draws the same again', async () => {
    const digits = 'room=generate&sampler=ddim&steps=4&spacing=uniform&seed=5&classes=3,8&guidance=1&count=4'
    const { page } = await visit(digits, { weights: 'shipped' })
    await finished(page)
    const first = await tiles(page, 'x')
    expect(first).toHaveLength(4)
    for (const tile of first) expect(spread(tile)).toBeGreaterThan(5)
    expect(new Set(first.map((tile) => tile.data.toString('hex'))).size).toBe(4)
    const names = await page
      .locator('ddpm-tiles.x canvas')
      .evaluateAll((all) => all.map((one) => one.ariaLabel ?? one.getAttribute('aria-label')))
    expect(names).toEqual(['3', '8', '3', '8'].map((digit) => `${digit}, step 4 of 4, t = 250`))

    const fragment = new URL(page.url()).hash.slice(1)
    expect(fragment).toMatch(
      /^room=generate&model=[0-9a-f]{12}&sampler=ddim&steps=4&spacing=uniform&eta=0&clip=1&seed=5&classes=3,8&guidance=1&count=4$/,
    )
    const again = await visit(fragment, { weights: 'shipped' })
    await finished(again.page)
    expect(await tiles(again.page, 'x')).toEqual(first)
  })

  test('can be scrubbed back, with x̂_0 beside x', async () => {
    const { page } = await visit(few)
    await finished(page)
    const end = await tiles(page, 'x')
    const scrub = page.getByRole('slider', { name: 'Step of the run' })
    await scrub.fill('1')
    await expect.poll(async () => scrub.getAttribute('aria-valuetext')).toMatch(/^Step 1 of 3, t = 1,000$/)
    const begin = await tiles(page, 'x')
    expect(begin).not.toEqual(end)
    expect(await tiles(page, 'x0')).not.toEqual(begin)
    await scrub.fill('3')
    await expect.poll(() => tiles(page, 'x')).toEqual(end)
  })

  test('stops when cancelled, keeps what it has, and another one runs after it', async () => {
    const { page } = await visit(long, { weights: 'shipped' })
    await page.locator('ddpm-generate p.progress', { hasText: /^Step \d/ }).waitFor()
    await page.getByRole('button', button('Cancel')).click()
    const words = page.locator('ddpm-generate p.progress', { hasText: 'Stopped at step' })
    await words.waitFor()
    const stopped = await words.innerText()
    expect(Number(/step (\d+) of/.exec(stopped)?.[1])).toBeLessThan(1000)
    for (const tile of await tiles(page, 'x')) expect(spread(tile)).toBeGreaterThan(5)

    await page.getByRole('slider', { name: 'Step of the run' }).fill('1')
    await page.getByLabel('Steps', { exact: true }).fill('2')
    await page.getByRole('button', button('Generate')).click()
    expect(await finished(page)).toMatch(/^2 steps in /)
  })

  test('takes its last step from the t that is asked for', async () => {
    const { page } = await visit(few)
    await finished(page)
    await page.getByText('More settings').click()
    const end = page.getByLabel('Last step from t')
    await end.fill('1000')
    await end.blur()
    await page.getByText('From 1 to 999').waitFor()
    await end.fill('100')
    await end.press('Enter')
    await urlSays(page, 'spacing', 'uniform:100')
    await page.locator('ddpm-generate p.t', { hasText: 't = 100 → 0' }).waitFor()
    await page.getByRole('radio', { name: 'Denser at the end' }).check({ force: true })
    await urlSays(page, 'spacing', 'quadratic:100')
  })

  test('goes on while the visitor is in the other room, whose slider still answers', async () => {
    const { page } = await visit(long, { weights: 'shipped' })
    await page.locator('ddpm-generate p.progress', { hasText: /^Step \d/ }).waitFor()
    await page.getByRole('link', { name: 'Forward', exact: true }).click()
    await page.getByRole('slider', { name: 'Step t' }).fill('333')
    await panel(page, 'cosine', 333).waitFor()
    await page.getByRole('link', { name: 'Generate', exact: true }).click()
    await page.getByRole('button', button('Cancel')).click()
    await page.locator('ddpm-generate p.progress', { hasText: 'Stopped at step' }).waitFor()
  })

  test('is saved as a PNG', async () => {
    const { page } = await visit(few)
    await finished(page)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save as PNG' }).click()
    expect((await download).suggestedFilename()).toBe('ddpm-5.png')
  })
})

describe('two samplers', () => {
  test('are shown side by side from the same noise, and the URL keeps which', async () => {
    const { page } = await visit(`${few}&compare=ddpm`)
    await finished(page)
    const room = page.locator('ddpm-generate')
    await expect.poll(() => room.locator('[aria-busy=true]').count()).toBe(0)
    const [one, other] = [await tiles(page, 'x'), await tiles(page, 'other')]
    expect(other).toHaveLength(4)
    expect(other).not.toEqual(one)
    await urlSays(page, 'compare', 'ddpm')
    // Each is what it is alone.
    await page.getByLabel('Beside it, from the same noise').selectOption('')
    await page.getByRole('radio', { name: 'DDPM' }).check({ force: true })
    await page.getByRole('button', button('Generate')).click()
    await expect.poll(() => tiles(page, 'x')).toEqual(other)
  })
})

test('several endings begin at a step that is shown: one picture until there', async () => {
  const { page } = await visit('room=generate&sampler=ddim&steps=6&seed=5&classes=0-2&guidance=1&count=3')
  await finished(page)
  const scrub = page.getByRole('slider', { name: 'Step of the run' })
  await scrub.fill('3')
  await page.getByRole('button', button('Several endings of the first one from here')).click()
  await urlSays(page, 'branch', '500')
  await urlSays(page, 'eta', '1')
  await finished(page)
  const different = async () => new Set((await tiles(page, 'x')).map((tile) => tile.data.toString('hex'))).size
  expect(await different()).toBe(3)
  await scrub.fill('3')
  await expect.poll(different).toBe(1)
})

test("a run's numbers are saved, step by step", async () => {
  const { page } = await visit(few)
  await finished(page)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save as CSV' }).click()
  const rows = (await readFile(await (await download).path(), 'utf8')).trim().split('\r\n')
  const [head, ...steps] = rows.map((row) => row.split(','))
  expect(head?.slice(0, 4)).toEqual(['step', 't', 't_after', 'alpha_bar'])
  expect(steps.map((row) => row.slice(0, 3))).toEqual([
    ['1', '1000', '667'],
    ['2', '667', '333'],
    ['3', '333', '0'],
  ])
  const alphaBar = steps.map((row) => Number(row[3]))
  expect(alphaBar).toEqual(alphaBar.toSorted((a, b) => a - b))
})

test.each([
  ['branch=5&eta=1', 'branch=5', 'a t of one of its steps'],
  ['branch=500&classes=1', 'branch=500', 'eta above 0'],
  ['classes=2-1', 'classes=2-1', ''],
])('a link whose recipe only the core can refuse, %s, says so and is drawn without', async (bad, told, wanted) => {
  const { page } = await visit(`room=generate&steps=2&seed=5&guidance=1&count=3&${bad}`, {})
  const words = page.getByRole('alert').getByText(`“${told}” is not valid`)
  await words.waitFor()
  expect(await words.innerText()).toContain(wanted)
  await finished(page)
  expect(await tiles(page, 'x')).toHaveLength(3)
})

describe('the URL', () => {
  test('follows the controls, and Back returns to the run before and its pictures', async () => {
    const { page } = await visit(few)
    await finished(page)
    const first = await tiles(page, 'x')
    await page.getByRole('radio', { name: 'nought', exact: true }).check({ force: true })
    await urlSays(page, 'classes', '0')
    await page.getByRole('button', button('Generate')).click()
    await expect.poll(() => page.locator('ddpm-tiles.x canvas').first().getAttribute('aria-label')).toMatch(/^nought, /)
    await finished(page)
    expect(await tiles(page, 'x')).not.toEqual(first)
    await page.goBack()
    await urlSays(page, 'classes', '1,2')
    await expect.poll(() => tiles(page, 'x'), { timeout: 30_000 }).toEqual(first)
  })

  test('with values that cannot be says so and opens with the nearest', async () => {
    const { page } = await visit(
      'room=generate&model=ffffffffffff&steps=2&count=900&classes=0-40&guidance=no&sampler=euler',
    )
    await finished(page)
    const words = await page.getByRole('alert').innerText()
    for (const part of ['ffffffffffff', 'count=900', 'classes=0-40', 'guidance=no', 'sampler=euler']) {
      expect(words).toContain(part)
    }
    await urlSays(page, 'count', '64')
    await urlSays(page, 'classes', '0-2')
    expect(await page.locator('ddpm-tiles.x canvas').count()).toBe(64)
  })

  test('of the forward room comes back as it was left', async () => {
    const { page } = await visit('', {})
    await page.getByRole('radio', { name: 'Spheres' }).check({ force: true })
    await page.getByRole('radio', { name: 'Cosine' }).check({ force: true })
    await page.getByRole('slider', { name: 'Step t' }).fill('612')
    await urlSays(page, 't', '612')
    const again = await visit(new URL(page.url()).hash.slice(1), {})
    expect(await again.page.getByRole('radio', { name: 'Spheres' }).isChecked()).toBe(true)
    expect(await again.page.getByRole('slider', { name: 'Step t' }).inputValue()).toBe('612')
    expect(await again.page.locator('ddpm-panel').count()).toBe(1)
    await page.goBack()
    await expect.poll(() => page.getByRole('radio', { name: 'Both' }).isChecked()).toBe(true)
  })
})
