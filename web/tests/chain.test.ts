import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { ScheduleName, ScheduleTables, Walked } from '../shared/engine.ts'
import { engine } from '../engine/tests/support.ts'
import { noised, panel, pixels, slider, urlSays } from './support/look.ts'
import { colourful, pngFile, type RGBA } from './support/pictures.ts'
import { useBrowser, visit } from './support/visit.ts'

useBrowser()

const fileInput = 'ddpm-side input[type=file]'

/** The walk to t, by the core run in this process. */
async function walk(picture: RGBA, schedule: ScheduleName, t: number, seed: string): Promise<Walked> {
  const { engine: core } = await engine()
  try {
    await core.setChain(picture)
    const walked = await core.walk({ schedule, t, seed, most: 1000 })
    if (!walked) throw new Error('no walk')
    return walked
  } finally {
    core.close()
  }
}

async function tables(schedule: ScheduleName): Promise<ScheduleTables> {
  const { engine: core } = await engine()
  try {
    return await core.schedule(schedule)
  } finally {
    core.close()
  }
}

/** The chain's picture, once its walk has come to t. */
function chain(page: Page, which: 'chain' | 'jump', t: number, kind: string) {
  return page.locator(`ddpm-chain canvas.${which}[data-t="${t}"][data-kind=${kind}]`)
}

const handle = (page: Page, i: number) => page.getByRole('slider', { name: new RegExp(`^Point ${i} of`) })

test('the walk and the jump are the core’s, picture and numbers, and go on step by step', async () => {
  const picture = colourful(61, 37)
  const { page } = await visit('noise=42&t=200')
  await page.locator(fileInput).setInputFiles(await pngFile(picture))
  await panel(page, 'linear', 200, picture).waitFor()
  await page.locator('ddpm-chain').evaluate((chain) => chain.scrollIntoView())
  const check = async (schedule: 'linear' | 'cosine', t: number) => {
    const want = await walk(picture, schedule, t, '42')
    for (const which of ['chain', 'jump'] as const) {
      const canvas = chain(page, which, t, schedule)
      await canvas.waitFor()
      await expect.poll(async () => (await pixels(canvas)).data.equals(Buffer.from(want[which].data))).toBe(true)
    }
    for (const [name, moments] of [
      ['expected', want.expected],
      ['chain', want.chainMoments],
      ['jump', want.jumpMoments],
    ] as const) {
      for (const of of ['mean', 'variance', 'noise'] as const) {
        const shown = await page.locator(`ddpm-chain td[data-of="${name} ${of}"]`).innerText()
        expect(Math.abs(Number(shown.replace('−', '-')) - moments[of]), `${name} ${of}`).toBeLessThan(0.5001e-4)
      }
    }
  }
  await check('linear', 200)
  await page.getByRole('button', { name: 'One step on' }).click()
  await check('linear', 201)
  await page.getByRole('button', { name: 'One step back' }).click()
  await page.getByRole('button', { name: 'One step back' }).click()
  await check('linear', 199)
  await page.locator('ddpm-side input[value=cosine]').check({ force: true })
  await slider(page).fill('1000')
  await page.locator('ddpm-chain').evaluate((chain) => chain.scrollIntoView())
  await check('cosine', 1000)
  expect(await page.getByRole('button', { name: 'One step on' }).isDisabled()).toBe(true)
  const said = await page.locator('ddpm-chain ddpm-chart').getByRole('img').getAttribute('aria-label')
  expect(said).toMatch(/^Histogram of the values at t = 1,000: mean [−.\d]+, variance \d/)
})

test('a schedule is bent by keys and by hand, and the pictures are of it', async () => {
  const picture = colourful(33, 21)
  const { page } = await visit('noise=5&t=300')
  await page.locator(fileInput).setInputFiles(await pngFile(picture))
  await panel(page, 'linear', 300, picture).waitFor()
  await handle(page, 3).focus()
  await page.keyboard.press('PageUp')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await urlSays(page, 'bend', '9,4.5,1.2,-4.5,-9')
  await urlSays(page, 'show', 'bent')
  const check = async (bend: string) => {
    const { engine: core } = await engine()
    await core.setPicture(picture)
    const want = await core.noise({ schedule: `logsnr:${bend}`, t: 300, seed: '5' })
    core.close()
    const canvas = panel(page, 'bent', 300, picture)
    await expect.poll(async () => (await pixels(canvas)).data.equals(Buffer.from(want?.data ?? []))).toBe(true)
    const { alphaBar, logSNR } = await tables(`logsnr:${bend}`)
    const shown = (column: string) => page.locator(`ddpm-curves dd[data-of="bent ${column}"]`).innerText()
    await expect.poll(() => shown('alphaBar')).toBe((alphaBar[300] as number).toFixed(4))
    const digits = Math.abs(logSNR[300] as number) < 1 ? 4 : 3
    expect(await shown('logSNR')).toBe((logSNR[300] as number).toFixed(digits).replace('-', '−'))
  }
  await check('9,4.5,1.2,-4.5,-9')
  const point = await handle(page, 2).boundingBox()
  if (!point) throw new Error('no handle')
  const [x, y] = [point.x + point.width / 2, point.y + point.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + 3, y - 24, { steps: 6 })
  await page.mouse.up()
  // The URL follows when the hand rests.
  const second = Number(await handle(page, 2).getAttribute('aria-valuenow'))
  expect(second).toBeGreaterThan(5)
  const bend = `9,${second},1.2,-4.5,-9`
  await urlSays(page, 'bend', bend)
  await check(bend)
  await page.getByRole('button', { name: 'A straight line again' }).click()
  await check('9,4.5,0,-4.5,-9')
})

test('a plot is grabbed to move t', async () => {
  const { page } = await visit('t=0', {})
  await panel(page, 'linear', 0).waitFor()
  const box = await page.locator('ddpm-curves ddpm-chart .area').first().boundingBox()
  if (!box) throw new Error('no plot')
  await page.locator('ddpm-curves').scrollIntoViewIfNeeded()
  await page
    .locator('ddpm-curves ddpm-chart .area')
    .first()
    .click({ position: { x: box.width * 0.7, y: 30 } })
  expect(Math.abs(Number(await slider(page).inputValue()) - 700)).toBeLessThan(5)
})

test('a link’s bent schedule is the sender’s, or the nearest that there is', async () => {
  const good = await visit('t=500&show=bent&bend=8,2,-8', {})
  await noised(good.page, 'bent', 500)
  const { alphaBar } = await tables('logsnr:8,2,-8')
  const shown = good.page.locator('ddpm-curves dd[data-of="bent alphaBar"]')
  await expect.poll(() => shown.innerText()).toBe((alphaBar[500] as number).toFixed(4))
  const { page } = await visit('t=500&show=bent&bend=1,2,3', {})
  await page.getByRole('alert').filter({ hasText: '1,0.9,0.8 is used instead' }).waitFor()
  await noised(page, 'bent', 500)
})

async function saved(page: Page, room: string, kind: string): Promise<Buffer> {
  const download = page.waitForEvent('download')
  await page
    .locator(room)
    .getByRole('button', { name: `Save as ${kind}` })
    .first()
    .click()
  return readFile(await (await download).path())
}

test('the tables and the histogram are saved as the core has them', async () => {
  const { page } = await visit('t=150&show=cosine', {})
  await panel(page, 'cosine', 150).waitFor()
  const [head, ...rows] = (await saved(page, 'ddpm-forward', 'CSV')).toString().trim().split('\r\n')
  expect(head).toBe('schedule,t,beta,alpha_bar,signal,noise,snr,log_snr')
  expect(rows).toHaveLength(1001)
  const cosine = await tables('cosine')
  expect(rows[150]).toBe(
    [
      'cosine',
      150,
      ...['beta', 'alphaBar', 'signal', 'noise', 'snr', 'logSNR'].map((of) => cosine[of as 'beta'][150]),
    ].join(),
  )
  await page.locator('ddpm-chain').evaluate((chain) => chain.scrollIntoView())
  await chain(page, 'chain', 150, 'cosine').waitFor()
  const bins = (await saved(page, 'ddpm-chain', 'CSV')).toString().trim().split('\r\n')
  expect(bins[0]).toBe('value,chain,jump,normal')
  expect(bins).toHaveLength(65)
  const sum = bins.slice(1).reduce((sum, row) => sum + Number(row.split(',')[1]), 0)
  expect(sum / 8).toBeCloseTo(1, 2)
})

test('the way into noise is saved as a film, from the picture to x_T', async () => {
  const picture = colourful(24, 16)
  const { page } = await visit('noise=3&show=linear', {})
  await page.locator(fileInput).setInputFiles(await pngFile(picture))
  await panel(page, 'linear', 250, picture).waitFor()
  const bytes = await saved(page, 'ddpm-forward', 'GIF')
  const frames = await page.evaluate(
    async (bytes) => {
      const decoder = new ImageDecoder({ data: new Uint8Array(bytes), type: 'image/gif' })
      await decoder.tracks.ready
      const { image } = await decoder.decode({ frameIndex: 0 })
      return { count: decoder.tracks.selectedTrack?.frameCount, width: image.displayWidth, height: image.displayHeight }
    },
    [...bytes],
  )
  expect(frames).toEqual({ count: 51, width: 24, height: 16 })
})
