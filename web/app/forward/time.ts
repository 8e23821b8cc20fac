import { LitElement, css, html, nothing, svg } from 'lit'
import type { ScheduleTables } from '../../shared/engine.ts'
import { text } from '../messages/index.ts'
import { figure, percent, whole } from '../parts/format.ts'
import { base } from '../style/base.ts'
import { controls } from '../style/controls.ts'
import type { Kind } from './schedules.ts'

/**
 * The slider over t, with ᾱ_t of the schedules drawn right above it on the
 * same axis, so that the thumb's line cuts the curves where the numbers are.
 * The plot can be grabbed too. Fires `move` while t changes by hand, and `play`.
 */
export class DdpmTime extends LitElement {
  static override properties = {
    t: { type: Number },
    end: { type: Number },
    kinds: { attribute: false },
    tables: { attribute: false },
    playing: { type: Boolean },
  }

  static override styles = [
    base,
    controls,
    css`
      :host {
        --inset: 0.75rem; /* half the thumb: where the slider's ends are */
      }

      .plot {
        position: relative;
        height: 5rem;
        margin: 0 var(--inset);
        border-top: 1px solid var(--line);
        cursor: ew-resize;
        touch-action: pan-y;
      }

      svg {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        overflow: visible;
      }

      path,
      line {
        fill: none;
        stroke-width: 2;
        vector-effect: non-scaling-stroke;
      }

      line {
        stroke: var(--ink);
        stroke-width: 1;
      }

      path.linear {
        stroke: var(--linear);
      }

      path.cosine {
        stroke: var(--cosine);
        stroke-dasharray: 7 3;
      }

      path.bent {
        stroke: var(--bent);
        stroke-dasharray: 2 3;
      }

      .dot.bent {
        background: var(--bent);
      }

      .dot.linear {
        background: var(--linear);
      }

      .dot.cosine {
        background: var(--cosine);
      }

      .dot {
        position: absolute;
        width: 9px;
        height: 9px;
        margin: -4.5px;
        border-radius: 50%;
        outline: 2px solid var(--paper);
      }

      .axis {
        position: absolute;
        padding: 0.125rem 0.25rem;
        background: var(--paper);
        color: var(--soft);
        font: 400 0.75rem/1 var(--sans);
      }

      .axis.top {
        top: 0.375rem;
        right: 1rem;
      }

      .axis.bottom {
        bottom: 0.5rem;
        left: 1rem;
      }

      input[type='range'] {
        margin-top: calc(-1.375rem - 1px);
      }

      .ends {
        display: grid;
        grid-template-columns: 1fr auto 1fr;
        align-items: center;
        margin: -0.5rem var(--inset) 0;
        color: var(--soft);
        font-size: 0.8125rem;
        white-space: nowrap;
      }

      .ends > :last-child {
        text-align: end;
      }

      @container (max-width: 20rem) {
        .ends {
          font-size: 0.75rem;
        }
      }

      .now {
        display: flex;
        align-items: center;
        gap: 0.25rem;
      }

      .play {
        width: var(--control-small);
        min-height: var(--control-small);
        padding: 0;
        border-color: transparent;
      }

      .play svg {
        position: static;
        width: 0.875rem;
        height: 0.875rem;
        margin: auto;
        display: block;
      }

      .play path {
        fill: currentColor;
        stroke: none;
      }

      output {
        min-width: 4.75rem;
        color: var(--ink);
        font: 400 1.375rem/1.3 var(--serif);
        font-variant-numeric: tabular-nums;
      }

      output i {
        padding-inline-end: 0.1em;
      }
    `,
  ]

  declare t: number
  /** T: where the slider ends. */
  declare end: number
  /** The schedules to draw. */
  declare kinds: readonly Kind[]
  declare tables: Partial<Record<Kind, ScheduleTables>>
  declare playing: boolean

  constructor() {
    super()
    this.t = 0
    this.end = 1000
    this.kinds = []
    this.tables = {}
    this.playing = false
  }

  get #shown(): readonly (readonly [Kind, ScheduleTables])[] {
    return this.kinds.flatMap((kind) => {
      const tables = this.tables[kind]
      return tables ? [[kind, tables] as const] : []
    })
  }

  protected override render() {
    const left = `${(this.t / this.end) * 100}%`
    return html`
      <div class="plot" role="img" aria-label=${this.#plotText()} @pointerdown=${this.#grab} @pointermove=${this.#drag}>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          ${this.#shown.map(([kind, table]) => svg`<path class=${kind} d=${curve(table)}></path>`)}
          <line x1=${(this.t / this.end) * 100} x2=${(this.t / this.end) * 100} y1="0" y2="100"></line>
        </svg>
        ${this.#shown.map(
          ([kind, table]) =>
            html`<span
              class="dot ${kind}"
              style="left:${left};top:${(1 - (table.alphaBar[this.t] ?? 0)) * 100}%"
            ></span>`,
        )}
        <span class="axis top" aria-hidden="true"><i>ᾱ</i> = 1</span>
        <span class="axis bottom" aria-hidden="true"><i>ᾱ</i> = 0</span>
      </div>
      <input
        type="range"
        min="0"
        max=${this.end}
        step="1"
        .value=${String(this.t)}
        aria-label=${text.forward.slider}
        aria-valuetext=${this.#sliderText() ?? nothing}
        @input=${this.#slide}
      />
      <div class="ends">
        <span aria-hidden="true">0 · ${text.forward.clean}</span>
        <span class="now">
          <button class="play" aria-label=${this.playing ? text.forward.pause : text.forward.play} @click=${this.#play}>
            <svg viewBox="0 0 10 10" aria-hidden="true">
              ${this.playing ? svg`<path d="M2 1h2v8H2zM6 1h2v8H6z"></path>` : svg`<path d="M2 1l7 4-7 4z"></path>`}
            </svg>
          </button>
          <output aria-hidden="true"><i>t</i> = ${this.t}</output>
        </span>
        <span aria-hidden="true">${this.end} · ${text.forward.pure}</span>
      </div>
    `
  }

  #sliderText(): string | undefined {
    const t = whole(this.t)
    const T = whole(this.end)
    const [one, other] = this.#shown.map(([, table]) => percent(table.signal[this.t] ?? 0))
    if (one === undefined) return undefined
    return other === undefined ? text.forward.sliderText(t, T, one) : text.forward.sliderTextBoth(t, T, one, other)
  }

  #plotText(): string {
    const each = this.#shown.map(([kind, { alphaBar }]) => text.forward.has(kind, figure(alphaBar[this.t] ?? 1)))
    return text.forward.plot(whole(this.t), each.join(', '))
  }

  #slide(event: Event): void {
    this.#move(Number((event.target as HTMLInputElement).value))
  }

  #grab(event: PointerEvent): void {
    if (event.button !== 0) return
    ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
    this.#point(event)
  }

  #drag(event: PointerEvent): void {
    if ((event.currentTarget as Element).hasPointerCapture(event.pointerId)) this.#point(event)
  }

  #play(): void {
    this.dispatchEvent(new Event('play'))
  }

  #point(event: PointerEvent): void {
    const box = (event.currentTarget as Element).getBoundingClientRect()
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
    this.#move(Math.round(share * this.end))
  }

  #move(t: number): void {
    // It comes back as the property, together with all that shows it.
    if (t !== this.t) this.dispatchEvent(new CustomEvent('move', { detail: t }))
  }
}

const curves = new WeakMap<ScheduleTables, string>()

function curve(table: ScheduleTables): string {
  const path = curves.get(table) ?? draw(table)
  curves.set(table, path)
  return path
}

function draw(table: ScheduleTables): string {
  const points: string[] = []
  const stride = Math.max(1, Math.round(table.T / 250))
  for (let t = 0; t <= table.T; t += stride) {
    points.push(`${((t / table.T) * 100).toFixed(2)} ${((1 - (table.alphaBar[t] ?? 0)) * 100).toFixed(2)}`)
  }
  return `M${points.join('L')}`
}

customElements.define('ddpm-time', DdpmTime)
