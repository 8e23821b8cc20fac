import type { Pictures, RGBAPicture } from '../../shared/engine.ts'
import { rgba } from '../../shared/pictures.ts'
import { columnsOf } from './tiles.ts'

/** All pictures on one sheet, each pixel a square of `scale` pixels, with a gap of one such square. */
export function sheet(pictures: Pictures, scale = 4): RGBAPicture {
  const columns = columnsOf(pictures.count)
  const rows = Math.ceil(pictures.count / columns)
  const cellWidth = (pictures.width + 1) * scale
  const cellHeight = (pictures.height + 1) * scale
  const width = columns * cellWidth - scale
  const height = rows * cellHeight - scale
  const data = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let i = 0; i < pictures.count; i++) {
    const from = new Uint32Array(rgba(pictures, i).data.buffer)
    const to = new Uint32Array(data.buffer)
    const corner = Math.floor(i / columns) * cellHeight * width + (i % columns) * cellWidth
    for (let y = 0; y < pictures.height * scale; y++) {
      for (let x = 0; x < pictures.width * scale; x++) {
        const source = Math.floor(y / scale) * pictures.width + Math.floor(x / scale)
        to[corner + y * width + x] = from[source] as number
      }
    }
  }
  return { width, height, data }
}
