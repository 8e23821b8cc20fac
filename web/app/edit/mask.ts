import { css, html, LitElement, type PropertyValues } from 'lit'
import type { RGBAPicture } from '../../shared/engine.ts'
import type { Place } from '../draw/sheet.ts'
import '../draw/sheet.ts'
import { text } from '../messages/index.ts'
import { percent } from '../parts/format.ts'
import { base } from '../style/base.ts'
import { controls } from '../style/controls.ts'

/**
 * A picture on which to paint what is to be drawn anew. `known` has a number a pixel, 1 where the picture is kept. Fires
 * `mask` after each stroke.
 */
export class DdpmMask extends LitElement {
  static override properties = {
    picture: { attribute: false },
    known: { attribute: false },
  }

  static override styles = [
    base,
    controls,
    css`
      ddpm-sheet {
        --pen: 12%;
      }

      canvas {
        image-rendering: pixelated;
      }

      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        margin-top: 0.5rem;
      }
    `,
  ]

  declare picture: RGBAPicture | undefined
  declare known: Uint8Array

  constructor() {
    super()
    this.known = new Uint8Array()
  }

  protected override render() {
    const words = text.edit.mask
    return html`
      <ddpm-sheet
        .side=${this.#side}
        .label=${words.sheet(percent(this.#share))}
        .keys=${words.keys}
        .where=${words.place}
        @begin=${this.#paint}
        @reach=${this.#paint}
        @end=${this.#tell}
        ><canvas></canvas
      ></ddpm-sheet>
      <div class="tools">
        ${(['bottom', 'right', 'middle', 'none'] as const).map(
          (shape) => html`<button @click=${() => this.#shape(shape)}>${words[shape]}</button>`,
        )}
      </div>
    `
  }

  protected override updated(_changed: PropertyValues<this>) {
    this.#show()
  }

  /** How much of the picture is to be drawn anew. */
  get #share(): number {
    return this.known.reduce((sum, kept) => sum + 1 - kept, 0) / (this.known.length || 1)
  }

  get #side(): number {
    return this.picture?.width ?? 1
  }

  #show(): void {
    const canvas = this.renderRoot.querySelector('canvas')
    const { picture } = this
    if (!canvas || !picture) return
    if (canvas.width !== picture.width) canvas.width = canvas.height = picture.width
    const data = new Uint8ClampedArray(picture.data)
    for (let i = 0; i < picture.width * picture.height; i++) {
      if (this.known[i] !== 0) continue
      // What will be drawn is a pale blue that no grey picture has.
      data.set([92, 140, 200, 255], 4 * i)
    }
    canvas.getContext('2d')?.putImageData(new ImageData(data, picture.width, picture.height), 0, 0)
  }

  /** Paints a disc of some twelfth of the side. */
  #paint({ detail: [x, y] }: CustomEvent<Place>): void {
    const side = this.#side
    const reach = side * 0.06 + 0.5
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        if (Math.hypot(column + 0.5 - x * side, row + 0.5 - y * side) <= reach) this.known[row * side + column] = 0
      }
    }
    this.#show()
  }

  #shape(shape: 'bottom' | 'right' | 'middle' | 'none'): void {
    this.known = maskOf(this.#side, shape)
    this.#tell()
  }

  #tell(): void {
    this.requestUpdate()
    this.dispatchEvent(new CustomEvent('mask', { detail: this.known.slice() }))
  }
}

/** A mask that leaves a part of the picture to be drawn. */
export function maskOf(side: number, shape: 'bottom' | 'right' | 'middle' | 'none'): Uint8Array<ArrayBuffer> {
  const from = Math.floor(side / 4)
  const middle = (v: number) => v >= from && v < side - from
  return Uint8Array.from({ length: side * side }, (_, i) => {
    const [row, column] = [Math.floor(i / side), i % side]
    if (shape === 'bottom') return row < side / 2 ? 1 : 0
    if (shape === 'right') return column < side / 2 ? 1 : 0
    if (shape === 'middle') return middle(row) && middle(column) ? 0 : 1
    return 1
  })
}

customElements.define('ddpm-mask', DdpmMask)
