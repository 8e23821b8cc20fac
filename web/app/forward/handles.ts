import { LitElement, css, html } from 'lit'
import { text } from '../messages/index.ts'
import { fixed, whole } from '../parts/format.ts'
import { base } from '../style/base.ts'
import { limits, moved, points } from './bend.ts'

/** The points by which a schedule is bent, over its plot: each is a slider, for hands and for keys. Fires `bend`. */
export class DdpmHandles extends LitElement {
  static override properties = {
    bend: { type: String },
    end: { type: Number },
    range: { attribute: false },
  }

  static override styles = [
    base,
    css`
      :host {
        position: absolute;
        inset: 0;
        pointer-events: none;
      }

      span {
        position: absolute;
        display: grid;
        place-items: center;
        width: 2.25rem;
        height: 2.25rem;
        margin: -1.125rem;
        border-radius: 50%;
        cursor: ns-resize;
        pointer-events: auto;
        touch-action: none;
      }

      span::before {
        content: '';
        width: 0.875rem;
        height: 0.875rem;
        border: 2px solid var(--bent);
        border-radius: 50%;
        background: var(--raised);
      }

      span:hover::before,
      span:focus::before {
        background: var(--bent);
      }

      span:focus-visible {
        outline-offset: -4px;
        border-radius: 50%;
      }
    `,
  ]

  declare bend: string
  /** T: the last point's t. */
  declare end: number
  /** Least and greatest value of the plot. */
  declare range: readonly [number, number]

  constructor() {
    super()
    this.bend = ''
    this.end = 1000
    this.range = [0, 1]
  }

  protected override render() {
    const all = points(this.bend)
    const [low, high] = this.range
    return all.map((value, i) => {
      const t = 1 + (i * (this.end - 1)) / (all.length - 1)
      const [lowest, highest] = limits(this.bend, i)
      return html`
        <span
          role="slider"
          tabindex="0"
          aria-orientation="vertical"
          aria-label=${text.forward.curves.point(i + 1, all.length, whole(Math.round(t)))}
          aria-valuemin=${lowest}
          aria-valuemax=${highest}
          aria-valuenow=${value}
          aria-valuetext=${fixed(value, 1)}
          style="left:${(t / this.end) * 100}%;top:${((high - value) / (high - low)) * 100}%"
          @pointerdown=${this.#grab}
          @pointermove=${(event: PointerEvent) => this.#drag(event, i)}
          @keydown=${(event: KeyboardEvent) => this.#key(event, i)}
        ></span>
      `
    })
  }

  #grab(event: PointerEvent): void {
    if (event.button !== 0) return
    ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
  }

  #drag(event: PointerEvent, i: number): void {
    if (!(event.currentTarget as Element).hasPointerCapture(event.pointerId)) return
    const box = this.getBoundingClientRect()
    const [low, high] = this.range
    this.#set(i, high - ((event.clientY - box.top) / box.height) * (high - low))
  }

  #key(event: KeyboardEvent, i: number): void {
    const value = points(this.bend)[i] ?? 0
    const [lowest, highest] = limits(this.bend, i)
    const to: Record<string, number> = {
      ArrowUp: value + 0.1,
      ArrowRight: value + 0.1,
      ArrowDown: value - 0.1,
      ArrowLeft: value - 0.1,
      PageUp: value + 1,
      PageDown: value - 1,
      Home: lowest,
      End: highest,
    }
    const wanted = to[event.key]
    if (wanted === undefined) return
    event.preventDefault()
    this.#set(i, wanted)
  }

  #set(i: number, value: number): void {
    const bend = moved(this.bend, i, value)
    if (bend === this.bend) return
    this.bend = bend // the next key may come before the page has rendered
    this.dispatchEvent(new CustomEvent('bend', { detail: bend }))
  }
}

customElements.define('ddpm-handles', DdpmHandles)
