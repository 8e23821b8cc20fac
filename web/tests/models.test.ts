import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { checkpoint, colourCheckpoint } from '../engine/tests/support.ts'
import { type Pixels, pixels, tiles, urlSays } from './support/look.ts'
import { useBrowser, visit } from './support/visit.ts'

let folder = ''

/** A site with three networks, all tiny: the digits', and two for colour, of 16 and of 32 pixels a side. */
async function build(): Promise<string> {
  folder = await mkdtemp(join(tmpdir(), 'ddpm-models-'))
  const [weights, out] = [join(folder, 'weights'), join(folder, 'dist')]
  await mkdir(weights)
  await writeFile(join(weights, 'digits.safetensors'), Buffer.from(checkpoint()))
  const hair = { name: 'avatars', classes: 'short hair,long hair,short hair + hat', recipe: 'guidance=3' }
  await writeFile(join(weights, 'avatars.safetensors'), Buffer.from(colourCheckpoint(16, hair)))
  const photo = { name: 'cifar-10', classes: 'bird,cat,dog' }
  await writeFile(join(weights, 'photos.safetensors'), Buffer.from(colourCheckpoint(32, photo)))
  const web = fileURLToPath(new URL('..', import.meta.url))
  await promisify(execFile)('npx', ['vite', 'build', '--outDir', out, '--logLevel', 'error'], {
    cwd: web,
    env: { ...process.env, NODE_ENV: 'production', WEIGHTS: weights },
  })
  return out
}

useBrowser(build)
afterAll(() => rm(folder, { recursive: true, force: true }))

const few = 'steps=2&editSteps=2&mistakeSteps=2&walkSteps=2&guidance=1&count=3'
const visitModels = (state: string) => visit(`${state}&${few}`, { weights: 'shipped', locale: 'en' })

/** Waits until a room has come to rest. */
async function rested(page: Page, room: string): Promise<void> {
  await expect.poll(() => page.locator(`ddpm-${room} [aria-busy=true]`).count(), { timeout: 45_000 }).toBe(0)
}

async function choose(page: Page, room: string, name: RegExp): Promise<void> {
  const select = page.locator(`ddpm-${room}`).getByLabel('Network', { exact: true })
  const option = select.locator('option', { hasText: name })
  await select.selectOption((await option.getAttribute('value')) ?? '')
}

const coloured = ({ data }: Pixels): boolean => data.some((v, i) => i % 4 === 0 && v !== data[i + 1])

test.each(['generate', 'edit', 'break'])(
  'the %s room draws with each network, at its size and in its colours, and Back returns to the one before',
  async (room) => {
    const { page } = await visitModels(`room=${room}`)
    const plane = room === 'break' ? 'ddpm-tiles.right' : 'ddpm-tiles.x'
    const first = page.locator(`ddpm-${room} ${plane} canvas`).first()
    await page.locator(`ddpm-${room} .progress`, { hasText: / steps? in / }).waitFor()
    await rested(page, room)
    expect(await pixels(first)).toMatchObject({ width: 12, height: 12 })
    await choose(page, room, /Avatars, 16 × 16/)
    await expect.poll(async () => (await pixels(first)).width).toBe(16)
    await rested(page, room)
    expect(coloured(await pixels(first))).toBe(true)
    const label = room === 'break' ? 'short hair + hat, with the mistakes' : 'short hair + hat'
    if (room === 'edit') await page.getByRole('option', { name: label }).waitFor({ state: 'attached' })
    else
      await page
        .getByRole('img', { name: `${label}, step ` })
        .first()
        .waitFor()
    await choose(page, room, /CIFAR-10, 32 × 32/)
    await expect.poll(async () => (await pixels(first)).width).toBe(32)
    await rested(page, room)
    await page.goBack()
    await expect.poll(async () => (await pixels(first)).width).toBe(16)
    await rested(page, room)
  },
)

test.each(['reverse', 'bound'])('the %s room explains each network, with pictures that it made', async (room) => {
  const { page } = await visitModels(`room=${room}`)
  const examples = page.locator(`ddpm-${room} ddpm-examples .row canvas`)
  await expect.poll(() => examples.count()).toBe(3)
  await expect.poll(async () => (await pixels(examples.first())).width).toBe(12)
  await choose(page, room, /Avatars/)
  await expect.poll(async () => (await examples.count()) && (await pixels(examples.first())).width).toBe(16)
  expect(coloured(await pixels(examples.first()))).toBe(true)
  await page
    .locator(`ddpm-${room} ddpm-examples`)
    .getByRole('radio', { name: /^long hair/ })
    .waitFor()
  if (room === 'reverse') {
    const plane = page.locator('ddpm-plane canvas').first()
    await expect.poll(async () => (await pixels(plane)).width).toBe(16)
    await page.getByRole('heading', { name: 'All the way back' }).scrollIntoViewIfNeeded()
    await page.locator('ddpm-walk .progress', { hasText: ' steps in ' }).waitFor()
    await rested(page, room)
    expect((await pixels(page.locator('ddpm-walk ddpm-tiles.x0 canvas').first())).width).toBe(16)
  } else {
    await expect.poll(() => page.locator('ddpm-split tr.total td').first().innerText()).toMatch(/\d/)
  }
  await page.goBack()
  await expect.poll(async () => (await examples.count()) && (await pixels(examples.first())).width).toBe(12)
})

test('a drawing in colour is what the network gets', async () => {
  const { page } = await visitModels('room=edit&editT=2')
  await rested(page, 'edit')
  await choose(page, 'edit', /Avatars/)
  const source = page.locator('ddpm-edit canvas.source').first()
  await expect.poll(async () => (await pixels(source)).width).toBe(16)
  await rested(page, 'edit')
  await page.locator('ddpm-edit').getByText('Draw one, or take one of yours').click()
  await page.locator('ddpm-edit').getByLabel('Colour').fill('#ff0000')
  await page.locator('ddpm-edit ddpm-draw .sheet').focus()
  const before = await pixels(source)
  for (const key of ['Space', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'Space']) await page.keyboard.press(key)
  await expect.poll(() => pixels(source)).not.toEqual(before)
  const { data } = await pixels(source)
  const red = [...data.keys()].filter((i) => i % 4 === 0 && (data[i] ?? 0) > 80 && (data[i + 1] ?? 0) < 20)
  expect(red.length).toBeGreaterThan(2)
  await rested(page, 'edit')
  for (const tile of await tiles(page, 'x')) expect(tile.width).toBe(16)
})

test('classes have names in Russian, a link keeps its network, and one that is not there is told', async () => {
  const { page } = await visitModels('room=generate')
  await page.locator('ddpm-generate .progress', { hasText: / steps? in / }).waitFor()
  await choose(page, 'generate', /Avatars/)
  await page
    .getByRole('img', { name: /^long hair, step \d+ of \d+, t = \d+$/ })
    .first()
    .waitFor()
  const named = () => page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get('model') ?? '')
  await expect.poll(named).toMatch(/^[0-9a-f]{12}$/)
  const model = await named()
  const { page: other } = await visitModels(`room=reverse&model=${model}&lang=ru`)
  await other.getByRole('radio', { name: /^длинные волосы/ }).waitFor()
  await urlSays(other, 'model', model)
  const { page: lost } = await visitModels('room=bound&model=0123456789ab')
  await lost.getByRole('alert').getByText('The link asks for the network 0123456789ab').waitFor()
  await expect.poll(() => lost.locator('ddpm-bound ddpm-examples .row canvas').count()).toBe(3)
})

test('pictures keep the names of the network that drew them, and the room follows to the one that is chosen elsewhere', async () => {
  const { page } = await visitModels('room=generate')
  await page.locator('ddpm-generate .progress', { hasText: / steps? in / }).waitFor()
  const command = page.locator('ddpm-generate ddpm-about code')
  await expect.poll(() => command.textContent()).toContain('digits.safetensors')
  await page.getByRole('link', { name: 'Reverse', exact: true }).click()
  await page.locator('ddpm-reverse table').waitFor()
  await choose(page, 'reverse', /Avatars, 16 × 16/)
  await expect.poll(() => page.locator('ddpm-reverse ddpm-examples input[type=radio]').count()).toBe(3)
  await urlSays(page, 'classes', '0-2')
  expect(await command.textContent()).toContain('digits.safetensors')
  await page.getByRole('link', { name: 'Generate', exact: true }).click()
  await expect.poll(() => command.textContent()).toContain('avatars.safetensors')
  expect(await pixels(page.locator('ddpm-generate ddpm-tiles.x canvas').first())).toMatchObject({ width: 16 })
})
