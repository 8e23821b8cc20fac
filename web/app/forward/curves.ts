import { css, html, nothing } from 'lit'
import type { ScheduleTables } from '../../shared/engine.ts'
import alphaBarT from '../math/alphabar-t.tex'
import betaT from '../math/beta.tex'
import '../math/formula.ts'
import logSNR from '../math/logsnr.tex'
import { text } from '../messages/index.ts'
import { Below } from '../parts/below.ts'
import type { Line } from '../parts/chart.ts'
import '../parts/chart.ts'
import { figure, whole } from '../parts/format.ts'
import { Sight } from '../parts/sight.ts'
import { base } from '../style/base.ts'
import { controls } from '../style/controls.ts'
import { straight } from './bend.ts'
import './handles.ts'
import { type Kind, kinds } from './schedules.ts'

type Column = 'beta' | 'alphaBar' | 'logSNR'

/** What is plotted of a schedule, and from where to where. What lies beyond is cut off. */
const plots: readonly { column: Column; math: string; range: readonly [number, number]; log: boolean }[] = [
  { column: 'beta', math: betaT, range: [1e-6, 1], log: true },
  { column: 'alphaBar', math: alphaBarT, range: [0, 1], log: false },
  { column: 'logSNR', math: logSNR, range: [-14, 14], log: false },
]

const dashes: Readonly<Record<Kind, readonly number[] | undefined>> = {
  linear: undefined,
  cosine: [7, 3],
  bent: [2, 3],
}

/**
 * What the schedules are, over t, and one of them to bend. Fires `move` with the t that a plot is grabbed at, and
 * `bend` with the bent schedule's points.
 */
export class DdpmCurves extends Below {
  static override properties = {
    t: { type: Number },
    end: { type: Number },
    bend: { type: String },
    tables: { attribute: false },
  }

  static override styles = [
    base,
    Below.belowStyles,
    controls,
    css`
      :host {
        --about: 60rem;
      }

      section {
        display: grid;
        gap: 0.5rem;
      }

      h2 {
        font-size: 1.5rem;
      }

      .plots {
        display: grid;
        gap: calc(var(--step) * 1.25) calc(var(--step) * 1.5);
        margin-top: 0.75rem;
      }

      figure {
        min-width: 0;
      }

      figcaption {
        display: flex;
        align-items: center;
        gap: 0.75rem;
        min-height: 2.25rem;
        padding-inline-start: 2.625rem;
        color: var(--soft);
        font-size: 0.8125rem;
      }

      figcaption ddpm-formula {
        color: var(--ink);
        --formula-size: 1rem;
      }

      ddpm-chart {
        --chart-height: 12rem;
      }

      dl {
        display: grid;
        padding-inline-start: 2.625rem;
        font-size: 0.8125rem;
        font-variant-numeric: tabular-nums;
      }

      dl div {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        white-space: nowrap;
      }

      dt {
        min-width: 9rem;
        color: var(--soft);
      }

      dt::before {
        content: '';
        display: inline-block;
        width: 1.25rem;
        margin-inline-end: 0.375rem;
        border-top: 2px solid var(--linear);
        vertical-align: middle;
      }

      .cosine::before {
        border-top: 2px dashed var(--cosine);
      }

      .bent::before {
        border-top: 2px dotted var(--bent);
      }

      @container (min-width: 57rem) {
        .plots {
          grid-template-columns: repeat(3, minmax(0, 1fr));
        }
      }
    `,
  ]

  declare t: number
  declare end: number
  declare bend: string
  declare tables: Partial<Record<Kind, ScheduleTables>>

  readonly #lines = new Map<Column, { of: unknown; lines: readonly Line[] }>()
  #x: number[] = []
  readonly #sight = new Sight(this)

  constructor() {
    super()
    this.t = 0
    this.end = 1000
    this.bend = straight
    this.tables = {}
  }

  protected override shouldUpdate(): boolean {
    return this.#sight.due() || !this.hasUpdated
  }

  protected override willUpdate() {
    if (this.#x.length !== this.end + 1) this.#x = Array.from({ length: this.end + 1 }, (_, t) => t)
  }

  protected override render() {
    const words = text.forward.curves
    return html`
      <section aria-labelledby="heading">
        <h2 id="heading">${words.heading}</h2>
        <p class="lead">${words.lead}</p>
        <div class="plots">
          ${plots.map(
            ({ column, math, range, log }) => html`
              <figure>
                <figcaption>
                  <ddpm-formula .math=${math}></ddpm-formula>
                  <span>${words.of[column]}</span>
                </figcaption>
                <ddpm-chart
                  .x=${this.#x}
                  .lines=${this.#linesOf(column)}
                  .range=${range}
                  .log=${log}
                  .at=${this.t}
                  .text=${words.plot(
                    words.of[column],
                    whole(this.t),
                    this.#values(column)
                      .map(([kind, value]) => text.forward.has(kind, value))
                      .join(', '),
                  )}
                  @pick=${(event: CustomEvent<number>) => this.#fire('move', Math.round(event.detail))}
                >
                  ${
                    column === 'logSNR'
                      ? html`<ddpm-handles
                          .bend=${this.bend}
                          .end=${this.end}
                          .range=${range}
                          @bend=${(event: CustomEvent<string>) => this.#fire('bend', event.detail)}
                        ></ddpm-handles>`
                      : nothing
                  }
                </ddpm-chart>
                <dl>
                  ${this.#values(column).map(
                    ([kind, value]) =>
                      html`<div>
                        <dt class=${kind}>${text.forward[kind]}</dt>
                        <dd data-of="${kind} ${column}">${value}</dd>
                      </div>`,
                  )}
                </dl>
              </figure>
            `,
          )}
        </div>
        <p class="quiet">${words.bendNote}</p>
        <div>
          <button class="straighten" ?disabled=${this.bend === straight} @click=${() => this.#fire('bend', straight)}>
            ${words.straighten}
          </button>
        </div>
      </section>
    `
  }

  #values(column: Column): (readonly [Kind, string])[] {
    // β has no value at t = 0, where no step has been made.
    return kinds.map((kind) => [
      kind,
      this.t === 0 && column === 'beta' ? '–' : figure(this.tables[kind]?.[column][this.t] ?? 0),
    ])
  }

  /** The same lines as long as the schedules are the same, so that the slider does not draw them again. */
  #linesOf(column: Column): readonly Line[] {
    const made = this.#lines.get(column)
    if (made?.of === this.tables) return made.lines
    const lines = kinds.map((kind) => line(kind, this.tables[kind], column))
    this.#lines.set(column, { of: this.tables, lines })
    return lines
  }

  #fire(name: 'move' | 'bend', detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}

function line(kind: Kind, tables: ScheduleTables | undefined, column: Column): Line {
  // β_0 = 0 and log SNR(0) = ∞ are on no plot.
  const values = Array.from(tables?.[column] ?? [], (value, t) => (t === 0 && column !== 'alphaBar' ? null : value))
  const dash = dashes[kind]
  return { colour: `--${kind}`, values, ...(dash ? { dash } : {}) }
}

customElements.define('ddpm-curves', DdpmCurves)
