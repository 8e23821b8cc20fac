import { css, html, nothing } from 'lit'
import type { Explained, StepPicture } from '../../shared/engine.ts'
import '../examples/choice.ts'
import { sigmaChoice, stepSlider, toldChoice } from '../examples/controls.ts'
import { Explainer } from '../examples/explainer.ts'
import { styles } from '../examples/styles.ts'
import epsHat from '../math/eps-hat.tex'
import '../math/formula.ts'
import mixture from '../math/mixture.tex'
import muTheta from '../math/mu-theta.tex'
import muTilde from '../math/mu-tilde.tex'
import posteriorMean from '../math/posterior-mean.tex'
import posterior from '../math/posterior.tex'
import reverseMean from '../math/reverse-mean.tex'
import reverse from '../math/reverse.tex'
import x0Hat from '../math/x0-hat.tex'
import xt from '../math/xt.tex'
import { text } from '../messages/index.ts'
import '../parts/chart.ts'
import type { Line } from '../parts/chart.ts'
import type { Numbers } from '../parts/csv.ts'
import { chooseModel } from '../parts/choose.ts'
import { figure, fixed, percent, whole } from '../parts/format.ts'
import { errorNotice, type Notice } from '../parts/notice.ts'
import '../parts/notice.ts'
import { prose, spoken } from '../parts/prose.ts'
import { Room } from '../parts/room.ts'
import '../parts/save.ts'
import { Follow } from '../state/store.ts'
import type { State } from '../state/table.ts'
import { controls } from '../style/controls.ts'
import './plane.ts'
import './walk.ts'

const planes: readonly (readonly [Exclude<StepPicture, 'x0' | 'eps'>, string])[] = [
  ['xt', xt],
  ['epsHat', epsHat],
  ['x0Hat', x0Hat],
  ['posteriorMean', muTilde],
  ['reverseMean', muTheta],
]

/** The room of the true posterior and of the network's answer to it, pixel by pixel. */
export class DdpmReverse extends Room {
  static override styles = [
    Room.roomStyles,
    controls,
    styles,
    css`
      .formulas {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 2.5rem;
        margin: 0.5rem 0 1.25rem;
      }

      .planes {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(7rem, 45%), 1fr));
        gap: 1rem;
        margin: 0.75rem 0 calc(var(--step) * 1.25);
      }

      figcaption {
        padding-top: 0.375rem;
        color: var(--soft);
        font-size: 0.8125rem;
        line-height: 1.35;
      }

      .pick {
        margin-top: 0.25rem;
      }

      /* Fingers need larger pixels. */
      @container (max-width: 34rem) {
        .planes {
          grid-template-columns: 1fr 1fr;
        }

        .planes figure:first-child {
          grid-column: 1 / -1;
        }
      }

      figcaption ddpm-formula {
        display: inline-block;
        margin-inline-end: 0.375rem;
        color: var(--ink);
      }

      section {
        margin-bottom: calc(var(--step) * 1.25);
      }

      /* What is said of the step, and its numbers. */
      .told {
        display: grid;
        gap: 0 3rem;
        align-items: start;
      }

      @container (min-width: 70rem) {
        .told {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }

      ddpm-walk {
        margin-top: calc(var(--step) * 2.5);
        padding-top: calc(var(--step) * 1.75);
        border-top: 1px solid var(--line);
      }

      table {
        border-collapse: collapse;
        font-size: 0.875rem;
      }

      th,
      td {
        padding: 0.3rem 1.25rem 0.3rem 0;
        border-bottom: 1px solid var(--line);
        text-align: start;
        font-weight: 400;
      }

      th {
        color: var(--soft);
      }

      td {
        white-space: nowrap;
      }

      th ddpm-formula {
        --formula-size: 0.9375rem;
      }

      /* The mixture fits the narrowest phone. */
      section > ddpm-formula {
        --formula-size: min(1.0625rem, 5.5cqi);
      }

      /* On a phone a row's numbers stand below what they are of. */
      @container (max-width: 30rem) {
        table {
          width: 100%;
        }

        tr {
          display: grid;
          grid-template-columns: 1fr 1fr;
          padding: 0.3rem 0;
          border-bottom: 1px solid var(--line);
        }

        th,
        td {
          padding-block: 0;
          border: 0;
        }

        tr > :first-child {
          grid-column: 1 / -1;
        }
      }
    `,
  ]

  #explainer: Explainer | undefined

  constructor() {
    super()
    new Follow(this, () => this.store)
    new Follow(this, () => this.#explainer)
  }

  protected override willUpdate() {
    if (this.store.state.room !== 'reverse') return
    this.#explainer ??= new Explainer(this.engines, this.store)
    void this.#explainer.ask()
  }

  protected override render() {
    const explainer = this.#explainer
    if (!explainer) return nothing
    const { examples, step } = explainer
    const { state } = this.store
    return html`
      <ddpm-notice .notice=${this.#notice()}></ddpm-notice>
      <header>
        <h1>${text.reverse.heading}</h1>
        <p class="lead">${prose(text.reverse.lead)}</p>
      </header>
      <div class="formulas">
        <ddpm-formula .math=${posterior}></ddpm-formula>
        <ddpm-formula .math=${posteriorMean}></ddpm-formula>
        <ddpm-formula .math=${reverse}></ddpm-formula>
        <ddpm-formula .math=${reverseMean}></ddpm-formula>
      </div>
      <div class="room">
        <div class="stage" aria-busy=${step ? 'false' : 'true'}>
          <ddpm-examples
            shared
            .examples=${examples}
            .index=${explainer.index(state.pick)}
            .shares=${step?.shares}
            @choose=${(event: CustomEvent<number>) => this.store.set({ pick: event.detail }, 'push')}
          ></ddpm-examples>
          ${stepSlider(explainer, state.step, (event) => this.store.set({ step: event.detail }, 'replace'))}
          ${this.#planes(step)}
          <section>
            <h2>${prose(text.reverse.densities)}</h2>
            <ddpm-chart
              .x=${step ? values(step) : []}
              .lines=${lines(step)}
              .xName=${text.reverse.axis}
              .text=${step ? this.#chartText(step) : text.generate.idle}
            ></ddpm-chart>
          </section>
          <div class="told">
            <section>
              <ddpm-formula .math=${mixture}></ddpm-formula>
              <p class="quiet note">${prose(text.reverse.mixtureNote)}</p>
            </section>
            ${step ? this.#numbers(step) : nothing}
          </div>
          <ddpm-save
            .name=${`ddpm-reverse-t${state.step}`}
            .numbers=${() => step && numbers(step)}
            ?disabled=${!step}
          ></ddpm-save>
        </div>
        <aside class="controls">
          ${chooseModel(this.engines, state.model, (hash) => explainer.choose(hash))}
          ${sigmaChoice(state.sigma, (sigma) => this.store.set({ sigma }, 'push'))}
          ${toldChoice(state.told, (told) => this.store.set({ told }, 'push'))}
          <button @click=${this.#redraw}>${text.reverse.redraw}</button>
        </aside>
      </div>
      <ddpm-walk .store=${this.store} .engines=${this.engines} .explainer=${explainer}></ddpm-walk>
    `
  }

  #planes(step: Explained | undefined) {
    const { pixel } = this.store.state
    const side = step?.pictures.xt.width ?? 28
    const shown = Math.min(pixel, side * side - 1)
    return html`
      <p class="quiet pick">${text.reverse.pick}</p>
      <div class="planes">
        ${planes.map(
          ([name, math]) =>
            html`<figure>
              <ddpm-plane
                .pictures=${step?.pictures[name]}
                .pixel=${shown}
                .label=${name === 'xt' ? this.#pixelText(step) : text.reverse.alt(spoken(text.reverse.planes[name]), whole(step?.t ?? 0))}
                .place=${this.#place(shown, side)}
                ?steered=${name === 'xt'}
                @pixel=${(event: CustomEvent<number>) => this.store.set({ pixel: event.detail }, 'replace')}
              ></ddpm-plane>
              <figcaption><ddpm-formula .math=${math}></ddpm-formula>${prose(text.reverse.planes[name])}</figcaption>
            </figure>`,
        )}
      </div>
    `
  }

  /** The picture with its numbers, and what the keyboard does in it. */
  #pixelText(step: Explained | undefined): string {
    const { end = 1000, chain } = this.#explainer ?? {}
    const t = step?.t ?? this.store.state.step
    const said = text.examples.stepText(whole(t), whole(end), percent(chain?.signal[t] ?? 1))
    return text.reverse.pixelOf(spoken(text.reverse.planes.xt), said)
  }

  #place(pixel: number, side: number): string {
    return text.reverse.place(whole((pixel % side) + 1), whole(Math.floor(pixel / side) + 1))
  }

  #chartText(step: Explained): string {
    const { posteriorMean: q, reverseMean: p, divergence } = step.densities
    const side = step.pictures.xt.width
    return text.reverse.chart(this.#place(this.store.state.pixel, side), fixed(q, 3), fixed(p, 3), figure(divergence))
  }

  #numbers(step: Explained) {
    const d = step.densities
    const row = (math: string, heard: string, mean: number, variance: number) =>
      html`<tr>
        <th scope="row"><span class="unseen">${spoken(heard)}</span><ddpm-formula .math=${math}></ddpm-formula></th>
        <td class="number">${fixed(mean, 4)}</td>
        <td class="number">${figure(Math.sqrt(variance))}</td>
      </tr>`
    return html`
      <section>
        <h2>${prose(text.reverse.numbers)}</h2>
        <table>
          <thead>
            <tr>
              <th scope="col">${text.reverse.perPixel}</th>
              <th scope="col">${text.reverse.mean}</th>
              <th scope="col">${text.reverse.deviation}</th>
            </tr>
          </thead>
          <tbody>
            ${row(posterior, text.reverse.posterior, d.posteriorMean, step.betaTilde)}
            ${row(reverse, text.reverse.network, d.reverseMean, step.variance)}
            <tr>
              <th scope="row">${text.reverse.divergence}</th>
              <td class="number" colspan="2">${text.reverse.nats(figure(d.divergence))}</td>
            </tr>
            <tr>
              <th scope="row">${text.reverse.divergence}, ${text.reverse.whole}</th>
              <td class="number">${text.reverse.nats(figure(step.regression))}</td>
              <td class="number">${text.reverse.bits(figure(step.bitsPerDim))}</td>
            </tr>
            <tr>
              <th scope="row">${text.reverse.off}</th>
              <td class="number" colspan="2">${figure(step.offBest)}</td>
            </tr>
          </tbody>
        </table>
      </section>
    `
  }

  #notice(): Notice | undefined {
    const error = this.#explainer?.error
    return error && errorNotice(error, { retry: () => void this.#explainer?.retry() })
  }

  #redraw(): void {
    const [seed = 0] = crypto.getRandomValues(new Uint32Array(1))
    this.store.set({ noise: String(seed) } satisfies Partial<State>, 'push')
  }
}

/** The values that densities are at. */
function values({ densities: { low, high, posterior: curve } }: Explained): number[] {
  return Array.from(curve, (_, i) => low + ((high - low) * i) / (curve.length - 1))
}

/** They are named before there are any, so that nothing moves when they come. */
function lines(step: Explained | undefined): Line[] {
  const { posterior = [], reverse = [], mixture = [] } = step?.densities ?? {}
  return [
    { name: text.reverse.posterior, colour: '--linear', values: posterior, fill: true },
    { name: text.reverse.network, colour: '--cosine', values: reverse, dash: [7, 3], fill: true },
    { name: text.reverse.mixture, colour: '--soft', values: mixture, dash: [2, 3] },
  ]
}

function numbers(step: Explained): Numbers {
  const { posterior: q, reverse: p, mixture: all } = step.densities
  return {
    columns: ['x_before', 'q_given_x0', 'p_theta', 'q_of_examples'],
    rows: values(step).map((x, i) => [x, q[i] as number, p[i] as number, all[i] as number]),
  }
}

customElements.define('ddpm-reverse', DdpmReverse)
