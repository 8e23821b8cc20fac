import type { Page } from 'playwright-core'
import { png } from '../../app/parts/png.ts'

export interface RGBA {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray<ArrayBuffer>
}

/** A picture with every byte value in it, no two neighbours alike. */
export function colourful(width: number, height: number): RGBA {
  const data = new Uint8ClampedArray(width * height * 4)
  for (let i = 0; i < data.length; i++) data[i] = i % 4 === 3 ? 255 : (i * 37 + (i >> 5)) % 256
  return { width, height, data }
}

export async function pngFile(picture: RGBA, name = 'colours.png') {
  const buffer = Buffer.from(await (await png(picture)).arrayBuffer())
  return { name, mimeType: 'image/png', buffer }
}

/** A JPEG, red on its left half and blue on its right, as a real encoder writes it. */
export async function jpegFile(page: Page, width: number, height: number, name = 'halves.jpg') {
  const url = await page.evaluate(
    ([width, height]) => {
      const canvas = document.createElement('canvas')
      canvas.width = width as number
      canvas.height = height as number
      const context = canvas.getContext('2d') as CanvasRenderingContext2D
      context.fillStyle = '#d02020'
      context.fillRect(0, 0, canvas.width / 2, canvas.height)
      context.fillStyle = '#2020d0'
      context.fillRect(canvas.width / 2, 0, canvas.width / 2, canvas.height)
      return canvas.toDataURL('image/jpeg', 0.95)
    },
    [width, height],
  )
  return { name, mimeType: 'image/jpeg', buffer: Buffer.from(url.slice(url.indexOf(',') + 1), 'base64') }
}

/** The JPEG with an EXIF orientation (TIFF tag 0x0112) put behind its first marker. */
export function oriented(jpeg: Buffer, orientation: number): Buffer {
  const tiff = Buffer.from([
    ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8], // big-endian, first directory at 8
    ...[0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0], // one entry: SHORT, one value
    ...[0, 0, 0, 0],
  ])
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff])
  const head = Buffer.from([0xff, 0xe1, 0, body.length + 2])
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)])
}
