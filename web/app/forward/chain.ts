import { css, html, nothing } from 'lit'
import type { Moments, RGBAPicture, ScheduleTables, Walked } from '../../shared/engine.ts'
import '../math/formula.ts'
import noiseIn from '../math/noise-in.tex'
import stepLive from '../math/step-live.tex'
import step from '../math/step.tex'
import xt from '../math/xt.tex'
import { text } from '../messages/index.ts'
import { Below } from '../parts/below.ts'
import type { Numbers } from '../parts/csv.ts'
import { fixed, whole } from '../parts/format.ts'
import type { Line } from '../parts/chart.ts'
import '../parts/chart.ts'
import '../parts/save.ts'
import { Sight } from '../parts/sight.ts'
import { base } from '../style/base.ts'
import { controls } from '../style/controls.ts'
import type { Kind } from './schedules.ts'

/**
 * The chain walked one Markov step after another, beside the jump to the same t: two draws of one distribution, with
 * the moments that both should have and the histogram of their values. Fires `move` with the t of the next step or
 * the one before, and `near` as it comes into sight: a walk is not for nobody.
 */
export class DdpmChain extends Below {
  static override properties = {
    t: { type: Number },
    end: { type: Number },
    kind: { type: String },
    tables: { attribute: false },
    walked: { attribute: false },
    name: { type: String },
  }

  static override styles = [
    base,
    Below.belowStyles,
    controls,
    css`
      :host {
        --about: 70rem;
      }

      section {
        display: grid;
        gap: calc(var(--step) * 1.25) calc(var(--step) * 2.25);
      }

      .words {
        display: grid;
        gap: 0.5rem;
        align-content: start;
      }

      h2 {
        font-size: 1.5rem;
      }

      .pictures {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: clamp(0.5rem, 2vw, 1.5rem);
        max-width: 34rem;
      }

      canvas {
        display: block;
        width: 100%;
        aspect-ratio: 1;
        object-fit: contain;
        border-radius: 3px;
        background: var(--fill);
        image-rendering: pixelated;
      }

      figcaption {
        padding-top: 0.375rem;
        font-size: 0.875rem;
        font-weight: 500;
      }

      .acts {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        align-items: center;
        min-height: var(--control);
        margin-top: 0.75rem;
      }

      .where {
        min-width: 9rem;
      }

      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 0.875rem;
        font-variant-numeric: tabular-nums;
      }

      th {
        font-weight: 400;
        text-align: start;
        color: var(--soft);
      }

      thead th:not(:first-child),
      td {
        text-align: end;
      }

      th,
      td {
        padding: 0.3125rem 0 0.3125rem 0.625rem;
        border-bottom: 1px solid var(--line);
      }

      th:first-child {
        padding-inline-start: 0;
      }

      tbody th ddpm-formula {
        display: inline-block;
        --formula-size: 0.9375rem;
      }

      ddpm-chart {
        --chart-height: 13rem;
      }

      .math {
        display: grid;
        gap: 0.375rem;
        margin: 0.375rem 0;
        --formula-size: 1.0625rem;
        min-height: 3.75rem;
      }

      @container (max-width: 26rem) {
        table {
          font-size: 0.8125rem;
        }
      }

      @container (min-width: 57rem) {
        section {
          grid-template-columns: minmax(0, 34rem) minmax(20rem, 1fr);
        }
      }
    `,
  ]

  declare t: number
  declare end: number
  declare kind: Kind
  declare tables: ScheduleTables | undefined
  declare walked: Walked | undefined
  /** What is pictured, for those who hear the page. */
  declare name: string

  // What only looks in at the lower edge of the window, below the slider, is not what is looked at.
  readonly #sight = new Sight(this, '0px 0px -25% 0px', (near) =>
    this.dispatchEvent(new CustomEvent('near', { detail: near })),
  )
  /** What the canvases show. */
  #painted: Walked | undefined

  constructor() {
    super()
    this.t = 0
    this.end = 1000
    this.kind = 'linear'
    this.name = ''
  }

  protected override shouldUpdate(): boolean {
    return this.#sight.due() || !this.hasUpdated
  }

  protected override render() {
    const words = text.forward.chain
    const { t, walked, tables } = this
    const at = walked?.t ?? 0
    return html`
      <section aria-labelledby="heading">
        <div class="words">
          <h2 id="heading">${words.heading}</h2>
          <p class="lead">${words.lead}</p>
          <div class="math">
            <ddpm-formula .math=${step}></ddpm-formula>
            <ddpm-formula
              .math=${stepLive}
              .values=${{
                t: String(Math.max(1, t)),
                before: String(Math.max(0, t - 1)),
                signal: fixed(tables?.stepSignal[Math.max(1, t)] ?? 0, 6),
                noise: fixed(tables?.stepNoise[Math.max(1, t)] ?? 0, 4),
              }}
            ></ddpm-formula>
          </div>
          <div>
            <div class="pictures">
              <figure>
                <canvas class="chain" role="img" aria-label=${words.chainAlt(this.name, whole(at))}></canvas>
                <figcaption>${words.chain}</figcaption>
              </figure>
              <figure>
                <canvas class="jump" role="img" aria-label=${words.jumpAlt(this.name, whole(at))}></canvas>
                <figcaption>${words.jump}</figcaption>
              </figure>
            </div>
            <div class="acts">
              <button class="back" ?disabled=${t <= 0} @click=${() => this.#move(t - 1)}>${words.back}</button>
              <button class="on" ?disabled=${t >= this.end} @click=${() => this.#move(t + 1)}>${words.on}</button>
              <span class="where quiet number">
                ${walked && walked.left > 0 ? words.walking(whole(at), whole(t)) : words.there(whole(at), text.forward[this.kind])}
              </span>
            </div>
          </div>
        </div>
        <div class="words">
          <ddpm-chart
            .x=${walked ? centres(walked) : []}
            .lines=${lines(walked)}
            .range=${[0, walked ? top(walked) : 1]}
            .text=${this.#histogramText()}
          ></ddpm-chart>
          ${this.#table()}
          <p class="quiet">${words.note}</p>
          <ddpm-save
            name="ddpm-histogram-${at}"
            .numbers=${() => walked && histogramNumbers(walked)}
            ?disabled=${!walked}
          ></ddpm-save>
        </div>
      </section>
    `
  }

  #histogramText(): string {
    const words = text.forward.chain
    if (!this.walked) return words.histogram
    const { t, chainMoments } = this.walked
    return words.histogramText(whole(t), fixed(chainMoments.mean, 2), fixed(chainMoments.variance, 2))
  }

  #table() {
    const words = text.forward.chain
    const { walked } = this
    const row = (head: unknown, of: keyof Moments) => html`
      <tr>
        <th scope="row">${head}</th>
        ${(
          [
            ['expected', walked?.expected],
            ['chain', walked?.chainMoments],
            ['jump', walked?.jumpMoments],
          ] as const
        ).map(([name, moments]) => html`<td data-of="${name} ${of}">${moments ? fixed(moments[of], 4) : nothing}</td>`)}
      </tr>
    `
    return html`
      <table>
        <thead>
          <tr>
            <td></td>
            <th scope="col">${words.expected}</th>
            <th scope="col">${words.chainShort}</th>
            <th scope="col">${words.jumpShort}</th>
          </tr>
        </thead>
        <tbody>
          ${row(html`${words.mean} <ddpm-formula .math=${xt}></ddpm-formula>`, 'mean')}
          ${row(html`${words.variance} <ddpm-formula .math=${xt}></ddpm-formula>`, 'variance')}
          ${row(html`${words.variance} <ddpm-formula .math=${noiseIn}></ddpm-formula>`, 'noise')}
        </tbody>
      </table>
    `
  }

  protected override updated() {
    if (!this.walked || this.walked === this.#painted) return
    this.#painted = this.walked
    this.#paint('chain', this.walked.chain)
    this.#paint('jump', this.walked.jump)
  }

  #paint(which: 'chain' | 'jump', { width, height, data }: RGBAPicture): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(`canvas.${which}`) as HTMLCanvasElement
    if (canvas.width !== width) canvas.width = width
    if (canvas.height !== height) canvas.height = height
    canvas.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0)
    canvas.dataset['t'] = String(this.walked?.t)
    canvas.dataset['kind'] = this.kind
  }

  #move(t: number): void {
    this.t = t // the next press may come before the page has rendered
    this.dispatchEvent(new CustomEvent('move', { detail: t }))
  }
}

/** The middles of a histogram's bins. */
function centres({ histogram: { low, high, chain } }: Walked): number[] {
  const width = (high - low) / chain.length
  return Array.from(chain, (_, i) => low + (i + 0.5) * width)
}

/** They are named before there are any, so that nothing moves when they come. */
function lines(walked: Walked | undefined): Line[] {
  const { chain = [], jump = [], normal = [] } = walked?.histogram ?? {}
  return [
    { name: text.forward.chain.chain, colour: '--linear', values: chain, shape: 'bars' },
    { name: text.forward.chain.jump, colour: '--cosine', values: jump },
    { name: 'N(0, 1)', colour: '--ink', values: normal, dash: [5, 4] },
  ]
}

/** Where the plot ends: it holds the Gaussian, and grows in halves for what is steeper. */
function top({ histogram: { chain, jump } }: Walked): number {
  const highest = Math.max(...chain, ...jump)
  return highest <= 0.5 ? 0.5 : Math.ceil(highest * 2) / 2
}

function histogramNumbers(walked: Walked): Numbers {
  const { chain, jump, normal } = walked.histogram
  return {
    columns: ['value', 'chain', 'jump', 'normal'],
    rows: centres(walked).map((x, i) => [x, chain[i] ?? 0, jump[i] ?? 0, normal[i] ?? 0]),
  }
}

customElements.define('ddpm-chain', DdpmChain)
