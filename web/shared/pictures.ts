import type { Pictures, RGBAPicture } from './engine.ts'

/** Picture i as RGBA, ready for `ImageData`. */
export function rgba(pictures: Pictures, i: number): RGBAPicture {
  const { width, height, channels, bytes } = pictures
  const n = width * height
  const data = new Uint8ClampedArray(n * 4)
  const start = i * n * channels
  for (let p = 0; p < n; p++) {
    const from = start + p * channels
    const r = bytes[from] as number
    data[p * 4] = r
    data[p * 4 + 1] = channels === 3 ? (bytes[from + 1] as number) : r
    data[p * 4 + 2] = channels === 3 ? (bytes[from + 2] as number) : r
    data[p * 4 + 3] = 255
  }
  return { width, height, data }
}
