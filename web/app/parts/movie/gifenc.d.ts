/** What is used of gifenc, which brings no types. */
declare module 'gifenc' {
  type Palette = [number, number, number][]
  type Format = 'rgb565' | 'rgb444' | 'rgba4444'

  export function quantize(rgba: Uint8ClampedArray, colours: number, options?: { format?: Format }): Palette
  export function applyPalette(rgba: Uint8ClampedArray, palette: Palette, format?: Format): Uint8Array
  export function GIFEncoder(): {
    /** The delay is in milliseconds; the first frame's palette is the global one; repeats for ever. */
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options: { palette: Palette; delay: number; repeat?: number },
    ): void
    finish(): void
    bytes(): Uint8Array<ArrayBuffer>
  }
}
