import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import type { Pictures } from '../../shared/engine.ts'
import { rgba } from '../../shared/pictures.ts'
import { base } from '../style/base.ts'

/**
 * A picture of which one pixel is looked at. Fires `pixel` where it is pressed or dragged; the one that is
 * `steered` can be reached by keyboard, too: the arrows move the pixel.
 */
export class DdpmPlane extends LitElement {
  static override properties = {
    pictures: { attribute: false },
    pixel: { type: Number },
    label: { type: String },
    place: { type: String },
    steered: { type: Boolean },
  }

  static override styles = [
    base,
    css`
      div {
        position: relative;
        cursor: crosshair;
        touch-action: manipulation;
      }

      canvas {
        display: block;
        width: 100%;
        aspect-ratio: 1;
        border-radius: 3px;
        background: var(--fill);
        image-rendering: pixelated;
      }

      span {
        position: absolute;
        border: 2px solid var(--focus);
        outline: 1px solid var(--paper);
        pointer-events: none;
      }
    `,
  ]

  declare pictures: Pictures | undefined
  /** y·width + x. */
  declare pixel: number
  declare label: string
  /** The pixel in words. */
  declare place: string
  declare steered: boolean

  constructor() {
    super()
    this.pixel = 0
    this.label = ''
    this.place = ''
    this.steered = false
  }

  get #side(): number {
    return this.pictures?.width ?? 28
  }

  protected override render() {
    const side = this.#side
    const [x, y] = [this.pixel % side, Math.floor(this.pixel / side)]
    const cell = 100 / side
    return html`
      <div
        role=${this.steered ? 'slider' : 'img'}
        tabindex=${this.steered ? 0 : nothing}
        aria-label=${this.label}
        aria-valuemin=${this.steered ? 0 : nothing}
        aria-valuemax=${this.steered ? side * side - 1 : nothing}
        aria-valuenow=${this.steered ? this.pixel : nothing}
        aria-valuetext=${this.steered ? this.place : nothing}
        @pointerdown=${this.#press}
        @pointermove=${this.#drag}
        @keydown=${this.#key}
      >
        <canvas width=${side} height=${side}></canvas>
        <span
          style="left:calc(${x * cell}% - 2px);top:calc(${y * cell}% - 2px);width:calc(${cell}% + 4px);height:calc(${cell}% + 4px)"
        ></span>
      </div>
    `
  }

  protected override updated(_changed: PropertyValues<this>) {
    const context = this.renderRoot.querySelector('canvas')?.getContext('2d')
    if (!context || !this.pictures) return
    const { data, width, height } = rgba(this.pictures, 0)
    context.putImageData(new ImageData(data, width, height), 0, 0)
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return
    ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
    this.#point(event)
  }

  #drag(event: PointerEvent): void {
    if ((event.currentTarget as Element).hasPointerCapture(event.pointerId)) this.#point(event)
  }

  #point(event: PointerEvent): void {
    const box = (event.currentTarget as Element).getBoundingClientRect()
    const side = this.#side
    const at = (share: number) => Math.min(side - 1, Math.max(0, Math.floor(share * side)))
    const x = at((event.clientX - box.left) / box.width)
    const y = at((event.clientY - box.top) / box.height)
    this.#choose(y * side + x)
  }

  #key(event: KeyboardEvent): void {
    const side = this.#side
    const [x, y] = [this.pixel % side, Math.floor(this.pixel / side)]
    const moves: Record<string, readonly [number, number]> = {
      ArrowLeft: [x - 1, y],
      ArrowRight: [x + 1, y],
      ArrowUp: [x, y - 1],
      ArrowDown: [x, y + 1],
    }
    const to = moves[event.key]
    if (!to || !this.steered) return
    event.preventDefault()
    const [column, row] = to
    if (column >= 0 && column < side && row >= 0 && row < side) this.#choose(row * side + column)
  }

  #choose(pixel: number): void {
    if (pixel !== this.pixel) this.dispatchEvent(new CustomEvent('pixel', { detail: pixel }))
  }
}

customElements.define('ddpm-plane', DdpmPlane)
