import { applyPalette, GIFEncoder, quantize } from 'gifenc'
import type { Encoder, Frame } from './recorder.ts'

type Colour = [number, number, number]

/** An animated GIF that begins again when it has ended. */
export class GIF implements Encoder {
  readonly #stream = GIFEncoder()

  add({ width, height, data, milliseconds }: Frame): void {
    const exact = exactly(new Uint32Array(data.buffer))
    const palette = exact?.palette ?? quantize(data, 256, { format: 'rgb565' })
    const index = exact?.index ?? applyPalette(data, palette, 'rgb565')
    // GIF counts in hundredths of a second, and browsers slow down what is faster than two of them.
    this.#stream.writeFrame(index, width, height, { palette, delay: Math.max(20, milliseconds) })
  }

  end(): ArrayBuffer {
    this.#stream.finish()
    return this.#stream.bytes().buffer
  }
}

/** Up to 256 colours, such as all that grey pictures have, need no approximation. */
function exactly(pixels: Uint32Array): { palette: Colour[]; index: Uint8Array } | undefined {
  const numbers = new Map<number, number>()
  const index = new Uint8Array(pixels.length)
  let before = -1
  let number = 0
  for (const [i, pixel] of pixels.entries()) {
    if (pixel !== before) {
      const known = numbers.get(pixel)
      if (known === undefined && numbers.size === 256) return undefined
      number = known ?? numbers.size
      numbers.set(pixel, number)
      before = pixel
    }
    index[i] = number
  }
  const palette = [...numbers.keys()].map((rgba): Colour => [rgba & 255, (rgba >> 8) & 255, (rgba >> 16) & 255])
  return { palette, index }
}
