import type { Locator, Page } from 'playwright-core'

export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Buffer
}

/** What a canvas shows. */
export async function pixels(canvas: Locator): Promise<Pixels> {
  const { width, height, text } = await canvas.evaluate((element: HTMLCanvasElement) => {
    const { width, height } = element
    const data = element.getContext('2d')?.getImageData(0, 0, width, height).data ?? []
    let text = ''
    for (const byte of data) text += String.fromCharCode(byte)
    return { width, height, text: btoa(text) }
  })
  return { width, height, data: Buffer.from(text, 'base64') }
}

/** The canvas of a schedule's picture; it is there once it is of this t, and of this size where one is given. */
export function panel(
  page: Page,
  schedule: 'linear' | 'cosine' | 'bent',
  t: number,
  size?: { width: number; height: number },
): Locator {
  const shape = size ? `[width="${size.width}"][height="${size.height}"]` : ''
  return page.locator(`ddpm-panel[schedule=${schedule}] canvas[data-t="${t}"]${shape}`)
}

/** A number that tells pictures apart (FNV-1a), cheaper to fetch than all of their pixels. */
export async function fingerprint(canvas: Locator): Promise<number> {
  await canvas.waitFor()
  return canvas.evaluate((element: HTMLCanvasElement) => {
    const data = element.getContext('2d')?.getImageData(0, 0, element.width, element.height).data ?? []
    let hash = 0x811c9dc5
    for (const byte of data) hash = Math.imul(hash ^ byte, 0x01000193)
    return hash >>> 0
  })
}

/** A schedule's picture, once it is of this t, and of this size where one is given. */
export async function noised(
  page: Page,
  schedule: 'linear' | 'cosine' | 'bent',
  t: number,
  size?: { width: number; height: number },
): Promise<Pixels> {
  const canvas = panel(page, schedule, t, size)
  await canvas.waitFor()
  return pixels(canvas)
}

/** The pictures of a plane of the generate room. */
export async function tiles(page: Page, plane: 'x' | 'x0' | 'other'): Promise<Pixels[]> {
  const all = await page.locator(`ddpm-tiles.${plane} canvas`).all()
  return Promise.all(all.map(pixels))
}

export const slider = (page: Page): Locator => page.getByRole('slider', { name: 'Step t' })

/** Waits until a run has ended by itself; gives the words it ended with. */
export async function finished(page: Page): Promise<string> {
  const words = page.locator('ddpm-generate p.progress', { hasText: / steps? in / })
  await words.waitFor()
  return words.innerText()
}

/** The state in the URL, once it says this. */
export async function urlSays(page: Page, key: string, value: string): Promise<void> {
  await page.waitForFunction(
    ([key, value]) => new URLSearchParams(location.hash.slice(1)).get(key as string) === value,
    [key, value],
  )
}

/** Standard deviation of the red channel: 0 for an empty picture. */
export function spread({ data }: Pixels): number {
  const red = [...data].filter((_, i) => i % 4 === 0)
  const mean = red.reduce((sum, v) => sum + v, 0) / red.length
  return Math.sqrt(red.reduce((sum, v) => sum + (v - mean) ** 2, 0) / red.length)
}
