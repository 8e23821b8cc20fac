import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { text } from '../messages/index.ts'
import { percent, whole } from '../parts/format.ts'
import { base } from '../style/base.ts'
import { controls } from '../style/controls.ts'
import { Brush } from './brush.ts'

/**
 * A place to draw a picture of a model's size: by hand, or with the arrow keys, which move a pen that Space puts
 * down and lifts. White on black for grey models, as their training pictures are. Fires `drawn` after each stroke.
 */
export class DdpmDraw extends LitElement {
  static override properties = {
    side: { type: Number },
    channels: { type: Number },
    fine: { type: Boolean },
    pen: { state: true },
    down: { state: true },
    colour: { state: true },
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
        background: #000;
        cursor: crosshair;
        touch-action: none;
      }

      canvas {
        display: block;
        width: 100%;
        aspect-ratio: 1;
      }

      .pen {
        position: absolute;
        width: 0.75rem;
        height: 0.75rem;
        margin: -0.375rem;
        border: 2px solid #fff;
        outline: 1px solid #000;
        border-radius: 50%;
        pointer-events: none;
      }

      .pen.down {
        background: #fff;
      }

      .tools {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem;
        margin-top: 0.5rem;
      }

      input[type='color'] {
        width: 2.5rem;
        height: 2.5rem;
        padding: 0.125rem;
        border: 1px solid var(--edge);
        border-radius: var(--radius);
        background: var(--raised);
      }
    `,
  ]

  /** Pixels of the picture's side. */
  declare side: number
  declare channels: number
  /** Whether `drawn` gives the strokes as they were drawn, for those who scale them by themselves. */
  declare fine: boolean
  /** Where the pen of the keyboard is, in shares of the side; undefined while it is not used. */
  declare pen: readonly [number, number] | undefined
  declare down: boolean
  declare colour: string

  #brush: Brush | undefined
  #sized = 0

  constructor() {
    super()
    this.side = 28
    this.channels = 1
    this.fine = false
    this.down = false
    this.colour = '#ffffff'
  }

  protected override willUpdate() {
    if (this.#sized === this.side) return
    this.#sized = this.side
    this.#brush = new Brush(this.side)
  }

  protected override render() {
    const [x, y] = this.pen ?? [0, 0]
    return html`
      <div
        class="sheet"
        tabindex="0"
        role="application"
        aria-label=${text.draw.sheet}
        aria-describedby="keys"
        @pointerdown=${this.#press}
        @pointermove=${this.#move}
        @pointerup=${this.#lift}
        @pointercancel=${this.#lift}
        @keydown=${this.#key}
        @blur=${this.#leave}
      >
        <canvas></canvas>
        ${
          this.pen
            ? html`<span class="pen ${this.down ? 'down' : ''}" style="left:${x * 100}%;top:${y * 100}%"></span>`
            : nothing
        }
      </div>
      <p id="keys" class="quiet">${text.draw.keys}</p>
      <p class="unseen" role="status">${this.pen ? text.draw.place(percent(x), percent(y), this.down) : nothing}</p>
      <div class="tools">
        ${
          this.channels === 3
            ? html`<input
                type="color"
                aria-label=${text.draw.colour}
                .value=${this.colour}
                @input=${(event: Event) => (this.colour = (event.target as HTMLInputElement).value)}
              />`
            : nothing
        }
        <button ?disabled=${!this.#brush?.undoable} @click=${this.#undo}>${text.draw.undo}</button>
        <button ?disabled=${!this.#brush?.undoable} @click=${this.#clear}>${text.draw.clear}</button>
        <span class="quiet">${text.draw.size(whole(this.side))}</span>
      </div>
    `
  }

  protected override updated(_changed: PropertyValues<this>) {
    this.#show()
  }

  #show(): void {
    const canvas = this.renderRoot.querySelector('canvas')
    const source = this.#brush?.canvas
    if (!canvas || !source) return
    if (canvas.width !== source.width) canvas.width = canvas.height = source.width
    canvas.getContext('2d')?.drawImage(source, 0, 0)
  }

  /** A stroke as thick as those of the pictures that digits are read from: some two pixels of 28. */
  get #width(): number {
    return Math.max(1, this.side * (this.channels === 1 ? 0.085 : 0.0625))
  }

  #place(event: PointerEvent): [number, number] {
    const box = (event.currentTarget as Element).getBoundingClientRect()
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return
    ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
    this.pen = undefined
    this.#brush?.down(...this.#place(event), this.#width, this.colour)
    this.#show()
  }

  #move(event: PointerEvent): void {
    if (!(event.currentTarget as Element).hasPointerCapture(event.pointerId)) return
    this.#brush?.to(...this.#place(event))
    this.#show()
  }

  #lift(event: PointerEvent): void {
    const sheet = event.currentTarget as Element
    if (!sheet.hasPointerCapture(event.pointerId)) return
    sheet.releasePointerCapture(event.pointerId)
    this.#tell()
  }

  #key(event: KeyboardEvent): void {
    const step = 1 / this.side
    const moves: Record<string, readonly [number, number]> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    }
    const move = moves[event.key]
    if (!move && event.key !== ' ') return
    event.preventDefault()
    const [x, y] = this.pen ?? [0.5, 0.5]
    if (!move) {
      this.pen = [x, y]
      this.down = !this.down
      if (this.down) this.#brush?.down(x, y, this.#width, this.colour)
      else this.#tell()
    } else {
      this.pen = [clamp(x + move[0]), clamp(y + move[1])]
      if (this.down) this.#brush?.to(...this.pen)
    }
    this.#show()
  }

  #leave(): void {
    if (this.down) this.#tell()
    this.down = false
    this.pen = undefined
  }

  #undo(): void {
    this.#brush?.undo()
    this.#tell()
  }

  #clear(): void {
    this.#brush?.clear()
    this.#tell()
  }

  #tell(): void {
    this.requestUpdate()
    if (!this.#brush) return
    const detail = this.fine ? this.#brush.strokes() : this.#brush.picture()
    this.dispatchEvent(new CustomEvent('drawn', { detail }))
  }
}

function clamp(x: number): number {
  return Math.min(1, Math.max(0, x))
}

customElements.define('ddpm-draw', DdpmDraw)
