import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { finished, pixels } from './support/look.ts'
import { useBrowser, visit } from './support/visit.ts'

useBrowser()

const run = 'room=generate&sampler=ddim&steps=5&seed=5&classes=1,2&guidance=1&count=4'

/** The file that a room's button gives: its name, and its bytes as the page can read them again. */
async function saved(page: Page, room: string, kind: string): Promise<{ name: string; bytes: number[] }> {
  const download = page.waitForEvent('download')
  await page
    .locator(`ddpm-${room}`)
    .getByRole('button', { name: `Save as ${kind}` })
    .click()
  const file = await download
  return { name: file.suggestedFilename(), bytes: [...(await readFile(await file.path()))] }
}

interface Decoded {
  readonly seconds: number[]
  readonly last: { width: number; height: number; data: number[] }
}

/** Decodes an animated GIF by the browser's own decoder. */
function decodeGIF(page: Page, bytes: number[]): Promise<Decoded> {
  return page.evaluate(async (bytes) => {
    const decoder = new ImageDecoder({ data: new Uint8Array(bytes), type: 'image/gif' })
    await decoder.tracks.ready
    const count = decoder.tracks.selectedTrack?.frameCount ?? 0
    const seconds: number[] = []
    let last = { width: 0, height: 0, data: [] as number[] }
    for (let frameIndex = 0; frameIndex < count; frameIndex++) {
      const { image } = await decoder.decode({ frameIndex })
      seconds.push((image.duration ?? 0) / 1e6)
      const canvas = new OffscreenCanvas(image.displayWidth, image.displayHeight)
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
      context.drawImage(image, 0, 0)
      const { width, height, data } = context.getImageData(0, 0, canvas.width, canvas.height)
      last = { width, height, data: [...data] }
    }
    return { seconds, last }
  }, bytes)
}

/** The pixel in the middle of each square that one pixel of a picture became on the sheet. */
function shrunk({ width, height, data }: Decoded['last'], scale: number): number[] {
  const small: number[] = []
  for (let y = scale / 2; y < height; y += scale) {
    for (let x = scale / 2; x < width; x += scale) small.push(data[(y * width + x) * 4] as number)
  }
  return small
}

test('a run is saved as a GIF of all its steps, grey levels to the bit', async () => {
  const { page } = await visit(run)
  await finished(page)
  const { name, bytes } = await saved(page, 'generate', 'GIF')
  expect(name).toBe('ddpm-5.gif')
  const { seconds, last } = await decodeGIF(page, bytes)
  expect(seconds).toEqual([0.25, 0.25, 0.25, 0.25, 2])
  const shown = await pixels(page.locator('ddpm-tiles.x canvas').first())
  const side = shown.width
  expect([last.width, last.height]).toEqual([(2 * side + 1) * 4, (2 * side + 1) * 4])
  const sheet = shrunk(last, 4)
  const first = Array.from({ length: side * side }, (_, i) => sheet[Math.floor(i / side) * (2 * side + 1) + (i % side)])
  expect(first).toEqual([...shown.data].filter((_, i) => i % 4 === 0))
})

test('a run is saved as WebM that plays', async () => {
  const { page } = await visit(run)
  await finished(page)
  const { name, bytes } = await saved(page, 'generate', 'WebM')
  expect(name).toBe('ddpm-5.webm')
  // The page itself is not allowed to play anything.
  const player = await page.context().newPage()
  const film = await player.evaluate(async (bytes) => {
    const video = document.createElement('video')
    video.muted = true
    video.src = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: 'video/webm' }))
    await new Promise((resolve, reject) => {
      video.onloadeddata = resolve
      video.onerror = () => reject(new Error(video.error?.message))
    })
    video.currentTime = video.duration - 0.05
    await new Promise((resolve) => (video.onseeked = resolve))
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight)
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
    context.drawImage(video, 0, 0)
    const { width, height, data } = context.getImageData(0, 0, canvas.width, canvas.height)
    return { duration: video.duration, last: { width, height, data: [...data] } }
  }, bytes)
  await player.close()
  expect(film.duration).toBeCloseTo(3, 1)
  const shown = await pixels(page.locator('ddpm-tiles.x canvas').first())
  const side = shown.width
  const sheet = shrunk(film.last, 4)
  let off = 0
  for (let i = 0; i < side * side; i++) {
    const there = sheet[Math.floor(i / side) * (2 * side + 1) + (i % side)] as number
    off += Math.abs(there - (shown.data[i * 4] as number)) / (side * side)
  }
  // An encoder that keeps the picture is off by a few levels; another picture would be by a quarter of all.
  expect(off).toBeLessThan(12)
})

test('a film that is being written can be cancelled, and nothing is downloaded', async () => {
  const { page } = await visit('room=generate&sampler=ddim&steps=100&seed=5&classes=1,2&guidance=1&count=64', {})
  await finished(page)
  let downloads = 0
  page.on('download', () => downloads++)
  const room = page.locator('ddpm-generate')
  await room.getByRole('button', { name: 'Save as GIF' }).click()
  await room.getByText(/^Writing GIF: \d+%$/).waitFor()
  await room.getByRole('button', { name: 'Cancel' }).click()
  await room.getByText(/^Writing GIF/).waitFor({ state: 'detached' })
  expect(await room.getByRole('button', { name: 'Save as GIF' }).isEnabled()).toBe(true)
  expect(downloads).toBe(0)
})
