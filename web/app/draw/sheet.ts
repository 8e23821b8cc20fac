import { css, html, LitElement, nothing } from 'lit'
import { percent } from '../parts/format.ts'
import { base } from '../style/base.ts'

/** A place on a sheet, in shares of its side. */
export type Place = readonly [x: number, y: number]

/**
 * A square to paint on: by hand, or with the arrow keys, which move a pen of the size `--pen` that Space puts down and
 * lifts. It shows the canvas that is put into it. Fires `begin` and `reach` with a place, and `end` after each stroke.
 */
export class DdpmSheet extends LitElement {
  static override properties = {
    side: { type: Number },
    label: { type: String },
    keys: { type: String },
    where: { attribute: false },
    pen: { state: true },
    down: { state: true },
  }

  static override styles = [
    base,
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

      .quiet {
        margin-top: 0.375rem;
      }

      ::slotted(canvas) {
        display: block;
        width: 100%;
        aspect-ratio: 1;
      }

      .pen {
        position: absolute;
        width: var(--pen, 0.75rem);
        height: var(--pen, 0.75rem);
        translate: -50% -50%;
        border: 2px solid #fff;
        outline: 1px solid #000;
        border-radius: 50%;
        pointer-events: none;
      }

      .pen.down {
        background: color-mix(in srgb, #fff 60%, transparent);
      }
    `,
  ]

  /** How many steps of the keyboard the side is. */
  declare side: number
  declare label: string
  /** How it is used by keyboard, in words. */
  declare keys: string
  /** Says where the pen is, and whether it is down. */
  declare where: (x: string, y: string, down: boolean) => string
  /** Where the pen of the keyboard is; undefined while it is not used. */
  declare pen: Place | undefined
  declare down: boolean

  constructor() {
    super()
    this.side = 28
    this.label = ''
    this.keys = ''
    this.where = () => ''
    this.down = false
  }

  protected override render() {
    const [x, y] = this.pen ?? [0, 0]
    return html`
      <div
        class="sheet"
        tabindex="0"
        role="application"
        aria-label=${this.label}
        aria-describedby="keys"
        @pointerdown=${this.#press}
        @pointermove=${this.#move}
        @pointerup=${this.#lift}
        @pointercancel=${this.#lift}
        @keydown=${this.#key}
        @blur=${this.#leave}
      >
        <slot></slot>
        ${
          this.pen
            ? html`<span class="pen ${this.down ? 'down' : ''}" style="left:${x * 100}%;top:${y * 100}%"></span>`
            : nothing
        }
      </div>
      <p id="keys" class="quiet">${this.keys}</p>
      <p class="unseen" role="status">${this.pen ? this.where(percent(x), percent(y), this.down) : nothing}</p>
    `
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return
    ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
    this.pen = undefined
    this.#tell('begin', pointed(event))
  }

  #move(event: PointerEvent): void {
    if ((event.currentTarget as Element).hasPointerCapture(event.pointerId)) this.#tell('reach', pointed(event))
  }

  #lift(event: PointerEvent): void {
    const sheet = event.currentTarget as Element
    if (!sheet.hasPointerCapture(event.pointerId)) return
    sheet.releasePointerCapture(event.pointerId)
    this.#tell('end')
  }

  #key(event: KeyboardEvent): void {
    const step = 1 / this.side
    const moves: Record<string, Place> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    }
    const move = moves[event.key]
    if (!move && event.key !== ' ') return
    event.preventDefault()
    const [x, y] = this.pen ?? [0.5, 0.5]
    if (move) {
      this.pen = [inside(x + move[0]), inside(y + move[1])]
      if (this.down) this.#tell('reach', this.pen)
      return
    }
    this.pen = [x, y]
    this.down = !this.down
    if (this.down) this.#tell('begin', this.pen)
    else this.#tell('end')
  }

  #leave(): void {
    if (this.down) this.#tell('end')
    this.down = false
    this.pen = undefined
  }

  #tell(name: 'begin' | 'reach' | 'end', detail?: Place): void {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}

function pointed(event: PointerEvent): Place {
  const box = (event.currentTarget as Element).getBoundingClientRect()
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]
}

function inside(x: number): number {
  return Math.min(1, Math.max(0, x))
}

customElements.define('ddpm-sheet', DdpmSheet)
