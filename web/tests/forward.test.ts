import { describe, expect, test } from 'vitest'
import { engine } from '../engine/tests/support.ts'
import { fingerprint, noised, panel, type Pixels, slider } from './support/look.ts'
import { colourful, jpegFile, oriented, pngFile, type RGBA } from './support/pictures.ts'
import { useBrowser, visit } from './support/visit.ts'

useBrowser()

const fileInput = 'ddpm-side input[type=file]'

/** ᾱ_t, written down once more: Ho et al.'s linear schedule, Nichol & Dhariwal's cosine. */
function alphaBar(schedule: 'linear' | 'cosine', t: number): number {
  const T = 1000
  const f = (u: number) => Math.cos(((u / T + 0.008) / 1.008) * (Math.PI / 2)) ** 2
  let product = 1
  for (let s = 1; s <= t; s++) {
    const beta =
      schedule === 'linear' ? 1e-4 + ((0.02 - 1e-4) * (s - 1)) / (T - 1) : Math.min(0.999, 1 - f(s) / f(s - 1))
    product *= 1 - beta
  }
  return product
}

/** ε for a seed, from the core run in this process. */
async function noiseOf(picture: RGBA, seed: string): Promise<Float32Array> {
  const { engine: core } = await engine()
  try {
    await core.setPicture(picture)
    await core.noise({ schedule: 'linear', t: 1, seed })
    return await core.values('eps')
  } finally {
    core.close()
  }
}

/** The largest difference between what is shown and q(x_t | x_0) computed here in float64. */
function worst(shown: Pixels, picture: RGBA, eps: Float32Array, aBar: number): number {
  let worst = 0
  for (let p = 0; p < picture.width * picture.height; p++) {
    for (let c = 0; c < 3; c++) {
      const x0 = (picture.data[p * 4 + c] as number) / 127.5 - 1
      const xt = Math.sqrt(aBar) * x0 + Math.sqrt(1 - aBar) * (eps[p * 3 + c] as number)
      const byte = Math.min(255, Math.max(0, Math.round((xt + 1) * 127.5)))
      worst = Math.max(worst, Math.abs(byte - (shown.data[p * 4 + c] as number)))
    }
  }
  return worst
}

describe('a picture of the visitor’s own', () => {
  test('is shown as q(x_t | x_0) says, under both schedules and at every t tried', async () => {
    const picture = colourful(61, 37)
    const eps = await noiseOf(picture, '42')
    const { page } = await visit('noise=42&t=400')
    await page.locator(fileInput).setInputFiles(await pngFile(picture))
    for (const t of [400, 0, 1, 999, 1000]) {
      await slider(page).fill(String(t))
      for (const schedule of ['linear', 'cosine'] as const) {
        const shown = await noised(page, schedule, t, picture)
        // Float32 against float64 may round a tie the other way.
        expect(worst(shown, picture, eps, alphaBar(schedule, t)), `${schedule}, t = ${t}`).toBeLessThanOrEqual(1)
      }
    }
  })

  test('stands upright by its EXIF orientation', async () => {
    const { page } = await visit('t=0')
    const jpeg = await jpegFile(page, 64, 32)
    await page.locator(fileInput).setInputFiles({ ...jpeg, buffer: oriented(jpeg.buffer, 6) })
    const { data } = await noised(page, 'linear', 0, { width: 32, height: 64 })
    const at = (x: number, y: number) => data.subarray((y * 32 + x) * 4, (y * 32 + x) * 4 + 3)
    // Turned by a quarter clockwise: the left half, red, is now on top.
    expect(at(16, 8)[0]).toBeGreaterThan(180)
    expect(at(16, 8)[2]).toBeLessThan(60)
    expect(at(16, 56)[2]).toBeGreaterThan(180)
  })

  test('may be WebP or GIF as well', async () => {
    const { page } = await visit('t=0')
    const webp = await page.evaluate(() => {
      const canvas = document.createElement('canvas')
      canvas.width = 21
      canvas.height = 12
      return canvas.toDataURL('image/webp').split(',')[1] ?? ''
    })
    const gif = 'R0lGODlhAQABAIAAAP8AAP///yH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=='
    for (const [name, base64, width, height] of [
      ['a.webp', webp, 21, 12],
      ['b.gif', gif, 1, 1],
    ] as const) {
      const buffer = Buffer.from(base64, 'base64')
      await page.locator(fileInput).setInputFiles({ name, mimeType: '', buffer })
      await panel(page, 'linear', 0, { width, height }).waitFor()
    }
  })

  test('that a link was made with is asked for again, and a sample stands in', async () => {
    const { page } = await visit('t=77&picture=own', {})
    await page.getByRole('alert').filter({ hasText: 'never left their device' }).waitFor()
    await panel(page, 'linear', 77).waitFor()
    expect(await page.getByRole('radio', { name: 'Hills' }).isChecked()).toBe(true)
  })

  test('is scaled down to 1024 pixels, keeping its shape', async () => {
    const { page } = await visit('t=0')
    await page.locator(fileInput).setInputFiles(await jpegFile(page, 2400, 1200))
    await panel(page, 'cosine', 0, { width: 1024, height: 512 }).waitFor()
  })

  test('can be dropped and pasted', async () => {
    const { page } = await visit('t=0')
    const send = (kind: 'drop' | 'paste', bytes: number[]) =>
      page.evaluate(
        ([kind, bytes]) => {
          const data = new DataTransfer()
          data.items.add(new File([new Uint8Array(bytes)], 'sent.png', { type: 'image/png' }))
          const event =
            kind === 'drop'
              ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
              : new ClipboardEvent('paste', { clipboardData: data, bubbles: true })
          document.body.dispatchEvent(event)
        },
        [kind, bytes] as const,
      )
    await send('drop', [...(await pngFile(colourful(40, 20))).buffer])
    await panel(page, 'linear', 0, { width: 40, height: 20 }).waitFor()
    await send('paste', [...(await pngFile(colourful(20, 40))).buffer])
    await panel(page, 'linear', 0, { width: 20, height: 40 }).waitFor()
  })

  test('that is none is refused in words, and the page goes on', async () => {
    const { page } = await visit('t=100')
    const alert = page.getByRole('alert')
    const wrong = [
      ['notes.txt', Buffer.from('not a picture'), 'is not a picture'],
      ['empty.png', Buffer.alloc(0), 'is empty'],
      ['half.png', Buffer.from('\x89PNG\r\n\x1a\n then nothing', 'latin1'), 'damaged'],
    ] as const
    for (const [name, buffer, words] of wrong) {
      await page.locator(fileInput).setInputFiles({ name, mimeType: 'image/png', buffer })
      await alert.filter({ hasText: name }).waitFor()
      expect(await alert.innerText()).toContain(words)
    }
    await slider(page).fill('101')
    await panel(page, 'linear', 101).waitFor()
    await alert.getByRole('button', { name: 'Close' }).click()
    await alert.waitFor({ state: 'detached' })
  })
})

describe('the slider', () => {
  test('says where it is', async () => {
    const { page } = await visit('t=400&show=linear')
    await panel(page, 'linear', 400).waitFor()
    expect(await slider(page).getAttribute('aria-valuetext')).toBe(
      't = 400 of 1,000, 44% of the picture’s amplitude left',
    )
  })

  test('is followed by the picture wherever the plot is dragged', async () => {
    const { page } = await visit('t=0')
    await panel(page, 'linear', 0).waitFor()
    const plot = page.locator('ddpm-time .plot')
    await plot.scrollIntoViewIfNeeded()
    const box = await plot.boundingBox()
    if (!box) throw new Error('no plot')
    await page.mouse.move(box.x + 1, box.y + 20)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.6, box.y + 20, { steps: 30 })
    await page.mouse.up()
    const t = Number(await slider(page).inputValue())
    expect(Math.abs(t - 600)).toBeLessThan(3)
    await panel(page, 'linear', t).waitFor()
    await panel(page, 'cosine', t).waitFor()
  })

  test('moves one schedule’s picture and finds the other again', async () => {
    const { page } = await visit('t=100&show=both', {})
    await panel(page, 'cosine', 100).waitFor()
    let t = 100
    for (const shown of ['cosine', 'both', 'linear', 'both']) {
      await page.locator(`ddpm-side input[value=${shown}]`).check({ force: true })
      for (let i = 0; i < 3; i++) {
        await slider(page).fill(String(++t))
        for (const schedule of ['linear', 'cosine'] as const) {
          if (shown === 'both' || shown === schedule) await panel(page, schedule, t).waitFor()
        }
      }
    }
  })

  test('plays from where it is to noise, until a hand takes over', async () => {
    const { page } = await visit('t=100')
    await page.getByRole('button', { name: 'Play' }).click()
    await expect.poll(async () => Number(await slider(page).inputValue())).toBeGreaterThan(110)
    await slider(page).fill('50')
    await page.getByRole('button', { name: 'Play' }).waitFor()
    await panel(page, 'linear', 50).waitFor()
    await slider(page).fill('990')
    await page.getByRole('button', { name: 'Play' }).click()
    await panel(page, 'cosine', 1000).waitFor()
    await page.getByRole('button', { name: 'Play' }).waitFor()
  })

  test('holds ε while t moves, and redraws it when asked', async () => {
    const { page } = await visit('t=600&noise=3&show=linear')
    const noise = () => fingerprint(panel(page, 'linear', 1000))
    await panel(page, 'linear', 600).waitFor()
    await slider(page).fill('1000')
    const first = await noise()
    await slider(page).fill('500')
    await panel(page, 'linear', 500).waitFor()
    await slider(page).fill('1000')
    expect(await noise()).toBe(first)
    await page.getByRole('button', { name: 'Draw again' }).click()
    await page.waitForFunction(() => !location.hash.includes('noise=3&'))
    await expect.poll(noise).not.toBe(first)
  })
})
