import { css, html, nothing } from 'lit'
import type { Pictures, Plane } from '../../shared/engine.ts'
import type { Explainer } from '../examples/explainer.ts'
import type { Frame } from '../generate/film.ts'
import { movieOf } from '../generate/movie.ts'
import { milestoneWords, progressWords } from '../generate/progress.ts'
import '../generate/scrub.ts'
import { sheet } from '../generate/sheet.ts'
import { shownOf } from '../generate/shown.ts'
import '../generate/tiles.ts'
import ancestral from '../math/ancestral.tex'
import epsHat from '../math/eps-hat.tex'
import '../math/formula.ts'
import muTheta from '../math/mu-theta.tex'
import sigmaLive from '../math/sigma-live.tex'
import xBefore from '../math/x-before.tex'
import x0Hat from '../math/x0-hat.tex'
import xt from '../math/xt.tex'
import { text } from '../messages/index.ts'
import { act } from '../parts/act.ts'
import { Below } from '../parts/below.ts'
import '../parts/chart.ts'
import type { Line } from '../parts/chart.ts'
import type { Numbers } from '../parts/csv.ts'
import { figure, whole } from '../parts/format.ts'
import { errorNotice } from '../parts/notice.ts'
import '../parts/notice.ts'
import { prose, spoken } from '../parts/prose.ts'
import '../parts/save.ts'
import { Sight } from '../parts/sight.ts'
import type { Engines } from '../state/engines.ts'
import { Follow, type Store } from '../state/store.ts'
import type { State } from '../state/table.ts'
import { base } from '../style/base.ts'
import { controls } from '../style/controls.ts'
import { styles } from '../examples/styles.ts'
import { planes, variances, Walkers } from './walkers.ts'

const math: Readonly<Record<(typeof planes)[number], string>> = {
  before: xt,
  eps: epsHat,
  x0: x0Hat,
  mean: muTheta,
  x: xBefore,
}

/** Steps that can be chosen; a link can say any. */
const stepChoices = [25, 100, 1000]

/**
 * The whole way back, one step of Algorithm 2 after another, with all that a step is made of; once for each σ². It
 * sets out by itself when it is first seen.
 */
export class DdpmWalk extends Below {
  static override properties = {
    store: { attribute: false },
    engines: { attribute: false },
    explainer: { attribute: false },
    scrubbed: { state: true },
  }

  static override styles = [
    base,
    Below.belowStyles,
    controls,
    styles,
    css`
      :host {
        --about: 50rem;
      }

      .formula {
        margin: 0.75rem 0 1rem;
      }

      .choices {
        display: grid;
        gap: 1rem 2rem;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr));
        max-width: 40rem;
      }

      .acts {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 1.25rem;
        min-height: 2.75rem;
        margin-top: 1.25rem;
      }

      .acts button {
        min-width: 7.5rem;
      }

      /* As wide as it gets, so that it stands still. */
      .t {
        min-width: 8.25rem;
        margin-inline-start: auto;
        font: 400 1.125rem/1 var(--serif);
        text-align: end;
      }

      ddpm-scrub {
        margin: 0.25rem -0.75rem 0.5rem;
      }

      .chains {
        display: grid;
        gap: 1.25rem;
      }

      h3 {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 1.5rem;
        margin-bottom: 0.375rem;
        font: 500 0.875rem/1.5 var(--sans);
      }

      /* Where the formula may not fit beside the words, by the numbers in it, it always stands below them. */
      @container (max-width: 34rem) {
        h3 {
          display: grid;
        }

        .progress {
          order: 1;
          width: 100%;
          min-height: 2.7em;
        }
      }

      .planes {
        display: grid;
        grid-template-columns: repeat(5, minmax(0, 1fr));
        gap: clamp(0.25rem, 1.5vw, 1rem);
      }

      figcaption {
        padding-top: 0.25rem;
        font-size: 0.8125rem;
      }

      .sigmas {
        margin-top: 1.5rem;
        --chart-height: 10rem;
      }

      ddpm-save {
        margin-top: 1rem;
      }
    `,
  ]

  declare store: Store
  declare engines: Engines
  declare explainer: Explainer
  /** The step that the visitor went back to. */
  declare scrubbed: number | undefined

  #walkers: Walkers | undefined
  #seen = false
  /** What it set out with the last time, so that Back in history is followed. */
  #asked = ''

  constructor() {
    super()
    new Sight(this, '0px', (seen) => (this.#seen ||= seen))
    new Follow(this, () => this.store)
    new Follow(this, () => this.#walkers?.runners[0])
    new Follow(this, () => this.#walkers?.runners[1])
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    this.#walkers?.cancel()
  }

  protected override willUpdate() {
    this.#walkers ??= new Walkers(this.engines, this.explainer)
    const { made, model } = this.explainer.examples
    if (!this.#seen || made === 0) return
    const { walkFrom, walkSteps } = this.store.state
    const asked = `${model?.hash} ${walkFrom} ${walkSteps}`
    if (asked !== this.#asked) this.#start(asked)
  }

  #start(asked = this.#asked): void {
    this.#asked = asked
    this.scrubbed = undefined
    this.#walkers?.start(this.store.state)
  }

  protected override render() {
    const walkers = this.#walkers
    if (!walkers) return nothing
    const words = text.reverse.walk
    const [first, second] = walkers.runners
    const frames = [shownOf(first, this.scrubbed), shownOf(second, this.scrubbed)] as const
    const [frame] = frames
    // Progress is told of the one that is behind.
    const slow = first.busy || !second.busy ? first : second
    const ready = this.explainer.examples.made > 0
    const { last } = first.film
    const share = slow.state.name === 'running' ? slow.state.share : last ? last.index / last.of : 0
    const failed = walkers.runners.map(({ state }) => state).find((state) => state.name === 'failed')
    return html`
      <section aria-busy=${walkers.busy ? 'true' : 'false'}>
        <h2>${words.heading}</h2>
        <p class="lead">${prose(words.lead)}</p>
        <div class="formula"><ddpm-formula .math=${ancestral}></ddpm-formula></div>
        ${
          failed?.name === 'failed'
            ? html`<ddpm-notice .notice=${errorNotice(failed.error, { retry: () => this.#start() })}></ddpm-notice>`
            : nothing
        }
        <div class="choices">${this.#from()} ${this.#steps()}</div>
        <div class="acts">
          ${act({
            busy: walkers.busy,
            start: words.start,
            ready,
            begin: () => this.#start(),
            end: () => walkers.cancel(),
          })}
          <p class="number progress">${progressWords(slow, ready)}</p>
          <p class="t number">${frame ? html`<i>t</i> = ${frame.t} → ${first.film.leaves(frame) ?? '…'}` : nothing}</p>
          <p class="unseen" role="status">${milestoneWords(slow, ready)}</p>
        </div>
        <ddpm-scrub
          .index=${frame?.index ?? 0}
          .of=${frame?.of ?? this.store.state.walkSteps}
          .t=${frame?.t ?? 0}
          .share=${share}
          .latest=${last?.index ?? 0}
          @scrub=${(event: CustomEvent<number>) => (this.scrubbed = event.detail)}
        ></ddpm-scrub>
        <div class="chains">${variances.map((variance, i) => this.#chain(variance, frames[i as 0 | 1]))}</div>
        <p class="quiet note">${prose(this.#origin())}</p>
        <div class="sigmas">
          <ddpm-chart
            .x=${first.film.frames.toReversed().map(({ t }) => t)}
            .lines=${this.#sigmas()}
            .ends=${[0, this.explainer.end]}
            .at=${frame?.t}
            .xName=${text.bound.axis}
            log
            .text=${frame ? words.chart(whole(frame.t), figure(frame.sigma), figure(frames[1]?.sigma ?? 0)) : text.generate.idle}
            @pick=${(event: CustomEvent<number>) => this.#pick(event.detail)}
          ></ddpm-chart>
        </div>
        <ddpm-save
          .name=${`ddpm-walk-${this.store.state.noise}`}
          .picture=${() => frame && sheet(together(frames))}
          .movie=${() => movieOf(first.film, (shown) => together([shown, second.film.near(shown.index)]))}
          .numbers=${() => numbers(first.film.frames, second.film.frames)}
          ?disabled=${!frame || walkers.busy}
        ></ddpm-save>
      </section>
    `
  }

  #from() {
    const words = text.reverse.walk
    return html`
      <fieldset>
        <legend class="label">${words.from}</legend>
        <div class="segments">
          ${(['noise', 'picture'] as const).map(
            (walkFrom) =>
              html`<label
                ><input
                  type="radio"
                  name="from"
                  .checked=${this.store.state.walkFrom === walkFrom}
                  @change=${() => this.store.set({ walkFrom } satisfies Partial<State>, 'push')}
                /><span><bdi>${prose(words.origins[walkFrom])}</bdi></span></label
              >`,
          )}
        </div>
      </fieldset>
    `
  }

  #steps() {
    const { walkSteps } = this.store.state
    const all = [...new Set([...stepChoices.filter((n) => n <= this.explainer.end), walkSteps])].sort((a, b) => a - b)
    return html`
      <fieldset>
        <legend class="label">${text.generate.steps}</legend>
        <div class="segments">
          ${all.map(
            (n) =>
              html`<label
                ><input
                  type="radio"
                  name="steps"
                  .checked=${n === walkSteps}
                  @change=${() => this.store.set({ walkSteps: n }, 'push')}
                /><span>${whole(n)}</span></label
              >`,
          )}
        </div>
      </fieldset>
    `
  }

  #chain(variance: (typeof variances)[number], frame: Frame | undefined) {
    const name = text.examples.sigmas[variance]
    const side = this.explainer.examples.model?.imageSize ?? 28
    const words = text.reverse.walk
    return html`
      <div class=${variance}>
        <h3>
          ${name}
          ${
            frame
              ? html`<ddpm-formula
                  .math=${sigmaLive}
                  .values=${{ t: String(frame.t), sigma: figure(frame.sigma) }}
                ></ddpm-formula>`
              : nothing
          }
        </h3>
        <div class="planes">
          ${planes.map(
            (plane) =>
              html`<figure>
                <ddpm-tiles
                  class=${plane}
                  .pictures=${frame?.pictures[plane]}
                  .side=${side}
                  .labels=${[words.alt(spoken(words.planes[plane]), whole(frame?.t ?? 0), name)]}
                ></ddpm-tiles>
                <figcaption aria-hidden="true"><ddpm-formula .math=${math[plane]}></ddpm-formula></figcaption>
              </figure>`,
          )}
        </div>
      </div>
    `
  }

  #origin(): string {
    const origin = this.#walkers?.origin
    const words = text.reverse.walk
    if (!origin) return words.same
    return `${origin.t === undefined ? words.began.noise : words.began.picture(whole(origin.t))} ${words.same}`
  }

  #sigmas(): Line[] {
    const lines = this.#walkers?.runners.map(({ film }, i) => ({
      name: text.examples.sigmas[variances[i as 0 | 1]],
      colour: i === 0 ? ('--linear' as const) : ('--cosine' as const),
      // The last step adds nothing, which a logarithm cannot show.
      values: film.frames.toReversed().map(({ sigma }) => (sigma > 0 ? sigma : null)),
      ...(i === 0 ? {} : { dash: [7, 3] }),
    }))
    return lines ?? []
  }

  /** Goes to the step whose t is nearest. */
  #pick(t: number): void {
    const frames = this.#walkers?.runners[0].film.frames ?? []
    let best = frames[0]
    for (const frame of frames) if (Math.abs(frame.t - t) < Math.abs((best?.t ?? 0) - t)) best = frame
    if (best) this.scrubbed = best.index
  }
}

/** Both chains' pictures of a step, five and five. */
function together(frames: readonly (Frame | undefined)[]): Pictures {
  const all = frames.flatMap((frame) => planes.map((plane: Plane) => frame?.pictures[plane]).filter((one) => !!one))
  const [one] = all
  if (!one) throw new Error('there is no step to be saved')
  const bytes = new Uint8Array(all.reduce((sum, { bytes: { length } }) => sum + length, 0))
  for (const [i, pictures] of all.entries()) bytes.set(pictures.bytes, i * pictures.bytes.length)
  return { ...one, count: all.length, bytes }
}

/** σ_t by step, and how far the chains' pictures and guesses are apart, in levels of 0…255. */
function numbers(tilde: readonly Frame[], beta: readonly Frame[]): Numbers {
  return {
    columns: ['step', 't', 'sigma_beta_tilde', 'sigma_beta', 'x_apart', 'x0_apart'],
    rows: tilde.flatMap((frame, i) => {
      const other = beta[i]
      if (!other) return []
      const { index, t, sigma, x, x0 } = frame
      return [[index, t, sigma, other.sigma, apart(x, other.x), apart(x0, other.x0)]]
    }),
  }
}

/** The root of the mean square of two pictures' difference. */
function apart(a: Pictures, b: Pictures): number {
  const square = a.bytes.reduce((sum, v, i) => sum + (v - (b.bytes[i] as number)) ** 2, 0)
  return Math.sqrt(square / a.bytes.length)
}

customElements.define('ddpm-walk', DdpmWalk)
