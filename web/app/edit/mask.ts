import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import type { RGBAPicture } from '../../shared/engine.ts'
import { text } from '../messages/index.ts'
import { percent } from '../parts/format.ts'
import { base } from '../style/base.ts'
import { controls } from '../style/controls.ts'

/**
 * A picture on which to paint what is to be drawn anew: by hand, or with the arrow keys, Space putting the brush down
 * and lifting it. `known` has a number a pixel, 1 where the picture is kept. Fires `mask` after each stroke.
 */
export class DdpmMask extends LitElement {
  static override properties = {
    picture: { attribute: false },
    known: { attribute: false },
    at: { state: true },
    down: { state: true },
  }

  static override styles = [
    base,
    controls,
    css`
      .sheet {
        position: relative;
        width: min(100%, 15rem);
        border: 1px solid var(--edge);
        border-radius: var(--radius);
        overflow: hidden;
        cursor: crosshair;
        touch-action: none;
      }

      canvas {
        display: block;
        width: 100%;
        aspect-ratio: 1;
        image-rendering: pixelated;
      }

      .brush {
        position: absolute;
        width: 12%;
        height: 12%;
        margin: -6%;
        border: 2px solid #fff;
        outline: 1px solid #000;
        border-radius: 50%;
        pointer-events: none;
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
  /** Where the brush of the keyboard is, in shares of the side; undefined while it is not used. */
  declare at: readonly [number, number] | undefined
  declare down: boolean

  constructor() {
    super()
    this.known = new Uint8Array()
    this.down = false
  }

  protected override render() {
    const [x, y] = this.at ?? [0, 0]
    const words = text.edit.mask
    return html`
      <div
        class="sheet"
        tabindex="0"
        role="application"
        aria-label=${words.sheet}
        aria-describedby="keys"
        @pointerdown=${this.#press}
        @pointermove=${this.#move}
        @pointerup=${this.#lift}
        @pointercancel=${this.#lift}
        @keydown=${this.#key}
        @blur=${this.#leave}
      >
        <canvas></canvas>
        ${this.at ? html`<span class="brush" style="left:${x * 100}%;top:${y * 100}%"></span>` : nothing}
      </div>
      <p id="keys" class="quiet">${words.keys}</p>
      <p class="unseen" role="status">${this.at ? words.place(percent(x), percent(y), this.down) : nothing}</p>
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
  #paint(x: number, y: number): void {
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

  #place(event: PointerEvent): [number, number] {
    const box = (event.currentTarget as Element).getBoundingClientRect()
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return
    ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
    this.at = undefined
    this.#paint(...this.#place(event))
  }

  #move(event: PointerEvent): void {
    if ((event.currentTarget as Element).hasPointerCapture(event.pointerId)) this.#paint(...this.#place(event))
  }

  #lift(event: PointerEvent): void {
    const sheet = event.currentTarget as Element
    if (!sheet.hasPointerCapture(event.pointerId)) return
    sheet.releasePointerCapture(event.pointerId)
    this.#tell()
  }

  #key(event: KeyboardEvent): void {
    const step = 1 / this.#side
    const moves: Record<string, readonly [number, number]> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    }
    const move = moves[event.key]
    if (!move && event.key !== ' ') return
    event.preventDefault()
    const [x, y] = this.at ?? [0.5, 0.5]
    const inside = (v: number) => Math.min(1, Math.max(0, v))
    this.at = move ? [inside(x + move[0]), inside(y + move[1])] : [x, y]
    if (!move) this.down = !this.down
    if (this.down) this.#paint(...this.at)
    else if (!move) this.#tell()
  }

  #leave(): void {
    if (this.down) this.#tell()
    this.down = false
    this.at = undefined
  }

  #tell(): void {
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
