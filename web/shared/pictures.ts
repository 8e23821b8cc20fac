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

/** Arrays one after the other in one. */
export function joined(all: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const whole = new Float32Array(all.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const one of all) {
    whole.set(one, at)
    at += one.length
  }
  return whole
}
