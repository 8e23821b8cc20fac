import { LitElement, css, html, type PropertyValues } from 'lit'
import type { NoisedPicture, ScheduleTables } from '../../shared/engine.ts'
import '../math/formula.ts'
import alphaBar from '../math/alphabar.tex'
import jump from '../math/jump-live.tex'
import { text } from '../messages/index.ts'
import { figure, fixed, percent, whole } from '../parts/format.ts'
import { base } from '../style/base.ts'
import { forwardT } from './props.ts'
import type { Kind } from './schedules.ts'

/** One schedule's picture with its numbers below. */
export class DdpmPanel extends LitElement {
  static override properties = {
    schedule: { type: String, reflect: true },
    t: { type: Number },
    tables: { attribute: false },
    noised: { attribute: false },
    name: { type: String },
  }

  static override styles = [
    base,
    css`
      canvas {
        display: block;
        width: 100%;
        aspect-ratio: 1;
        object-fit: contain;
        border-radius: 3px;
        background: var(--fill);
      }

      canvas.small {
        image-rendering: pixelated;
      }

      figure {
        container-type: inline-size;
      }

      figcaption {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        justify-content: space-between;
        gap: 0.125rem 1.5rem;
        padding-top: 0.5rem;
      }

      h2 {
        display: flex;
        align-items: center;
        gap: 0.625rem;
        font: 500 0.875rem/1.4 var(--sans);
        letter-spacing: 0;
      }

      .line {
        width: 1.5rem;
        border-top: 2px solid var(--linear);
      }

      :host([schedule='cosine']) .line {
        border-top: 2px dashed var(--cosine);
      }

      :host([schedule='bent']) .line {
        border-top: 2px dotted var(--bent);
      }

      dl {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        width: 100%;
        gap: 0 1.5rem;
        color: var(--soft);
        font-size: 0.8125rem;
        font-variant-numeric: tabular-nums;
      }

      dl div {
        display: flex;
        flex-wrap: wrap;
        gap: 0.4em;
        align-items: baseline;
        white-space: nowrap;
      }

      dd {
        color: var(--ink);
      }

      /* Their place is kept while the numbers are on their way. */
      .waiting > :not(h2) {
        visibility: hidden;
      }

      dt ddpm-formula {
        --formula-size: 0.9375rem;
      }

      /* Beside each other on a phone there is no room for the left-hand side. */
      @container (max-width: 15rem) {
        ddpm-formula {
          --lhs: none;
          --formula-size: 0.9375rem;
        }
      }
    `,
  ]

  declare schedule: Kind
  declare t: number
  declare tables: ScheduleTables | undefined
  declare noised: NoisedPicture | undefined
  /** What is pictured, for those who hear the page. */
  declare name: string

  constructor() {
    super()
    this.t = 0
    this.name = ''
  }

  protected override render() {
    const { t, tables } = this
    const signal = tables?.signal[t] ?? Number.NaN
    const title = text.forward[this.schedule]
    const small = this.noised !== undefined && this.noised.width < 200 && this.noised.height < 200
    return html`
      <figure>
        <canvas
          class=${small ? 'small' : ''}
          role="img"
          aria-label=${text.forward.alt(title, this.name, whole(t), whole(forwardT), tables ? percent(signal) : '–')}
        ></canvas>
        <figcaption class=${tables ? '' : 'waiting'}>
          <h2><span class="line"></span>${title}</h2>
          <ddpm-formula
            .math=${jump}
            .values=${{
              t: String(t),
              signal: fixed(tables?.signal[t] ?? 0, 3),
              noise: fixed(tables?.noise[t] ?? 0, 3),
            }}
          ></ddpm-formula>
          <dl>
            <div>
              <dt><ddpm-formula .math=${alphaBar} .values=${{ t: String(t) }}></ddpm-formula></dt>
              <dd>${figure(tables?.alphaBar[t] ?? 0.5)}</dd>
            </div>
            <div>
              <dt>${text.forward.snr}</dt>
              <dd>${snrText(tables?.snr[t] ?? 1)}</dd>
            </div>
          </dl>
        </figcaption>
      </figure>
    `
  }

  protected override updated(changed: PropertyValues<this>) {
    if (changed.has('noised') && this.noised) this.#paint(this.noised)
  }

  #paint(noised: NoisedPicture): void {
    const canvas = this.renderRoot.querySelector('canvas') as HTMLCanvasElement
    // Setting the size clears the canvas, even to the same size.
    if (canvas.width !== noised.width) canvas.width = noised.width
    if (canvas.height !== noised.height) canvas.height = noised.height
    canvas.getContext('2d')?.putImageData(new ImageData(noised.data, noised.width, noised.height), 0, 0)
    // What is painted, for tests and for whoever scripts the page.
    canvas.dataset['t'] = String(noised.t)
  }
}

function snrText(snr: number): string {
  if (!Number.isFinite(snr)) return '∞'
  return `${figure(snr)} (${text.forward.decibels(fixed(10 * Math.log10(snr), 1))})`
}

customElements.define('ddpm-panel', DdpmPanel)
