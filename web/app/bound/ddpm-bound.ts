import { css, html, nothing } from 'lit'
import type { BoundRequest, Explained } from '../../shared/engine.ts'
import '../examples/choice.ts'
import { sigmaChoice, stepSlider, toldChoice } from '../examples/controls.ts'
import type { Examples } from '../examples/examples.ts'
import { Explainer } from '../examples/explainer.ts'
import { styles } from '../examples/styles.ts'
import bound from '../math/bound.tex'
import '../math/formula.ts'
import regressionLive from '../math/regression-live.tex'
import regression from '../math/regression.tex'
import simple from '../math/simple.tex'
import { text } from '../messages/index.ts'
import { act } from '../parts/act.ts'
import '../parts/chart.ts'
import type { Line } from '../parts/chart.ts'
import type { Numbers } from '../parts/csv.ts'
import { chooseModel } from '../parts/choose.ts'
import { figure, fixed, whole } from '../parts/format.ts'
import { errorNotice, type Notice } from '../parts/notice.ts'
import '../parts/notice.ts'
import { prose } from '../parts/prose.ts'
import { Room } from '../parts/room.ts'
import '../parts/save.ts'
import { Follow } from '../state/store.ts'
import { controls } from '../style/controls.ts'
import { byStep } from './curve.ts'
import { enough, Estimator } from './estimator.ts'
import './split.ts'

/** Terms of a round besides the decoder's. */
const strata = 20

/** The room of the variational bound: what each step of the chain costs, in bits. */
export class DdpmBound extends Room {
  static override properties = { weights: { state: true } }
  static override styles = [
    Room.roomStyles,
    controls,
    styles,
    css`
      /* The longest one fits a phone. */
      .formula {
        margin-bottom: 1rem;
        --formula-size: min(1.25rem, 4.8cqi);
      }

      .acts {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 1.25rem;
        min-height: 2.75rem;
        margin: 1rem 0;
      }

      section {
        margin-top: calc(var(--step) * 1.5);
      }

      .live {
        margin: 0.5rem 0;
        --formula-size: 1.1875rem;
      }
    `,
  ]

  /** The bound's weights by t, for the variance that is chosen. */
  declare weights: Float64Array | undefined

  #explainer: Explainer | undefined
  #estimator: Estimator | undefined
  #weighed = ''
  /** What the estimate is of, as text. */
  #estimated: string | undefined

  constructor() {
    super()
    new Follow(this, () => this.store)
    new Follow(this, () => this.#explainer)
    new Follow(this, () => this.#estimator)
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    this.#estimator?.stop()
  }

  protected override willUpdate() {
    if (this.store.state.room !== 'bound') {
      this.#estimator?.stop()
      return
    }
    const explainer = (this.#explainer ??= new Explainer(this.engines, this.store))
    const estimator = (this.#estimator ??= new Estimator(explainer.examples))
    void explainer.ask()
    if (explainer.error || estimator.error) return
    this.#weigh(explainer.examples)
    // Another question: the answer to the one before goes, and there is something to see by itself.
    if (this.#question() !== this.#estimated) this.#start()
  }

  /** What is asked of the bound, as text; undefined while there is no model to ask. */
  #question(): string | undefined {
    const { model, edition } = this.#explainer?.examples ?? {}
    return model && JSON.stringify([model.hash, edition, this.#request()])
  }

  #request(): BoundRequest {
    const { pick, sigma, told, noise } = this.store.state
    const index = this.#explainer?.index(pick) ?? 0
    const classIndex = told ? (this.#explainer?.examples.classOf(index) ?? -1) : -1
    return { index, classIndex, seed: noise, variance: sigma, strata }
  }

  #weigh(examples: Examples): void {
    const { sigma } = this.store.state
    const asked = `${examples.model?.hash} ${sigma}`
    if (!examples.model || this.#weighed === asked) return
    this.#weighed = asked
    void examples
      .open()
      .then((engine) => engine.weights(sigma))
      .then(
        (weights) => (this.weights = weights),
        () => (this.#weighed = ''),
      )
  }

  #start(): void {
    this.#estimated = this.#question()
    if (this.#estimated) void this.#estimator?.start(this.#request())
    else this.#estimator?.stop()
  }

  protected override render() {
    const [explainer, estimator] = [this.#explainer, this.#estimator]
    if (!explainer || !estimator) return nothing
    const { state } = this.store
    const { examples, step } = explainer
    return html`
      <ddpm-notice .notice=${this.#notice()}></ddpm-notice>
      <header>
        <h1>${text.bound.heading}</h1>
        <p class="lead">${prose(text.bound.lead)}</p>
      </header>
      <div class="formula"><ddpm-formula .math=${bound}></ddpm-formula></div>
      <div class="room">
        <div class="stage">
          <ddpm-examples
            .examples=${examples}
            .index=${explainer.index(state.pick)}
            @choose=${this.#pick}
          ></ddpm-examples>
          ${this.#terms(explainer, estimator)} ${this.#regression(explainer)} ${this.#weights(step)}
          <section>
            <ddpm-save
              .name=${`ddpm-bound-${state.pick}`}
              .numbers=${() => numbers(estimator)}
              ?disabled=${estimator.terms.length === 0}
            ></ddpm-save>
          </section>
        </div>
        <aside class="controls">
          ${chooseModel(this.engines, state.model, (hash) => explainer.choose(hash))}
          ${sigmaChoice(state.sigma, (sigma) => this.#choose({ sigma }))}
          ${toldChoice(state.told, (told) => this.#choose({ told }))}
          <p class="quiet">${prose(text.bound.method(whole(strata)))}</p>
        </aside>
      </div>
    `
  }

  #terms(explainer: Explainer, estimator: Estimator) {
    const { examples } = explainer
    const { last, busy } = estimator
    const [steps, bits] = byStep(estimator.terms, (term) => term.term)
    const points: Line[] = [{ name: text.bound.terms, colour: '--cosine', values: bits, shape: 'dots' }]
    const total = last && last.rounds > 0 ? text.bound.chartTotal(fixed(last.total.mean, 3)) : ''
    return html`
      <div class="acts">
        ${act({
          busy,
          start: last ? text.bound.again : text.bound.start,
          stop: text.bound.stop,
          ready: examples.made > 0,
          begin: () => this.#start(),
          end: () => estimator.stop(),
        })}
        <p class="number progress">
          ${
            busy
              ? text.bound.progress(whole(last?.rounds ?? 0), whole(enough), whole(estimator.terms.length))
              : last
                ? text.bound.done(whole(estimator.terms.length))
                : nothing
          }
        </p>
        <p class="unseen" role="status">${busy ? nothing : total}</p>
      </div>
      <ddpm-split .term=${last}></ddpm-split>
      <section>
        <h2>${prose(text.bound.termsHeading)}</h2>
        <ddpm-chart
          .x=${steps}
          .lines=${points}
          .ends=${[0, explainer.end]}
          .at=${this.store.state.step}
          .xName=${text.bound.axis}
          log
          .text=${text.bound.chart(whole(estimator.terms.length), total)}
          @pick=${this.#move}
        ></ddpm-chart>
      </section>
    `
  }

  #regression(explainer: Explainer) {
    const { step } = explainer
    return html`
      <section>
        <h2>${prose(text.bound.regressionHeading)}</h2>
        <p class="lead">${prose(text.bound.regressionLead(whole(step?.t ?? this.store.state.step)))}</p>
        ${stepSlider(explainer, this.store.state.step, this.#move)}
        <div class="formula"><ddpm-formula .math=${regression}></ddpm-formula></div>
        ${
          step
            ? html`<div class="live">
                  <ddpm-formula
                    .math=${regressionLive}
                    .values=${{
                      kl: figure(step.regression),
                      weight: figure(step.weight),
                      squares: figure(step.squares),
                      constant: figure(step.constant),
                    }}
                  ></ddpm-formula>
                </div>
                <p class="quiet note">${text.bound.threeWays(figure(step.closed), figure(step.general))}</p>`
            : nothing
        }
      </section>
    `
  }

  #weights(step: Explained | undefined) {
    const weights = this.weights
    if (!weights) return nothing
    const rest = weights.subarray(1)
    const middle = rest.toSorted()[rest.length >> 1] ?? 1
    const lines: Line[] = [
      { name: text.bound.vlb, colour: '--linear', values: rest.map((weight) => weight / middle) },
      { name: text.bound.flat, colour: '--cosine', values: rest.map(() => 1), dash: [7, 3] },
    ]
    return html`
      <section>
        <h2>${prose(text.bound.weightsHeading)}</h2>
        <div class="formula"><ddpm-formula .math=${simple}></ddpm-formula></div>
        <ddpm-chart
          .x=${rest.map((_, i) => i + 1)}
          .lines=${lines}
          .ends=${[0, rest.length]}
          .at=${this.store.state.step}
          .xName=${text.bound.axis}
          .yName=${text.bound.weightsAxis}
          log
          .text=${text.bound.weightsChart(whole(step?.t ?? 0), figure((step?.weight ?? 0) / middle))}
          @pick=${this.#move}
        ></ddpm-chart>
        <p class="quiet note">${prose(text.bound.weightsNote)}</p>
      </section>
    `
  }

  readonly #move = (event: CustomEvent<number>) => {
    const end = this.#explainer?.end ?? 1000
    this.store.set({ step: Math.min(end, Math.max(2, Math.round(event.detail))) }, 'replace')
  }

  readonly #pick = (event: CustomEvent<number>) => this.#choose({ pick: event.detail })

  #choose(patch: Parameters<typeof this.store.set>[0]): void {
    this.store.set(patch, 'push')
  }

  #notice(): Notice | undefined {
    const error = this.#explainer?.error ?? this.#estimator?.error
    if (!error) return undefined
    return errorNotice(error, {
      retry: () => {
        this.#weighed = ''
        void this.#explainer?.retry().then(() => this.#start())
      },
    })
  }
}

function numbers(estimator: Estimator): Numbers {
  return {
    columns: ['t', 'term_bits_per_dim', 'squared_error_per_dim', 'rounds', 'bound_bits_per_dim', 'standard_error'],
    rows: estimator.terms.map((term) => [
      term.t,
      term.term,
      term.square,
      term.rounds,
      term.rounds > 0 ? term.total.mean : '',
      Number.isFinite(term.total.error) ? term.total.error : '',
    ]),
  }
}

customElements.define('ddpm-bound', DdpmBound)
