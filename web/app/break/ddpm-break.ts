import { css, html, nothing } from 'lit'
import { type Mistake, mistakes, type ScheduleTables } from '../../shared/engine.ts'
import { DrawingRoom } from '../generate/drawing-room.ts'
import type { Frame } from '../generate/film.ts'
import { isDigits } from '../generate/fit.ts'
import { movieOf } from '../generate/movie.ts'
import { numbersOf } from '../generate/numbers.ts'
import { milestoneWords, progressWords, whenWords } from '../generate/progress.ts'
import { Runner } from '../generate/runner.ts'
import '../generate/scrub.ts'
import { sheet } from '../generate/sheet.ts'
import { styles } from '../generate/styles.ts'
import '../generate/tiles.ts'
import '../math/formula.ts'
import clip from '../math/mistake-clip.tex'
import last from '../math/mistake-last.tex'
import range from '../math/mistake-range.tex'
import root from '../math/mistake-root.tex'
import schedule from '../math/mistake-schedule.tex'
import time from '../math/mistake-time.tex'
import { text } from '../messages/index.ts'
import { chooseModel } from '../parts/choose.ts'
import { className } from '../parts/class-name.ts'
import { fixed, whole } from '../parts/format.ts'
import { errorNotice, type Notice } from '../parts/notice.ts'
import '../parts/notice.ts'
import { prose } from '../parts/prose.ts'
import '../parts/save.ts'
import { Follow } from '../state/store.ts'
import type { State } from '../state/table.ts'
import { plainest, untouched } from './plainest.ts'

const formulas: Readonly<Record<Mistake, string>> = { range, clip, last, time, schedule, root }

/** Pictures of each run. */
const count = 10

/** How many steps a visitor can choose from; a link can say any. */
const stepChoices = [10, 25, 100, 400]

/** The room of Algorithm 2 and of what it becomes by the mistakes that people make. */
export class DdpmBreak extends DrawingRoom {
  static override styles = [
    DrawingRoom.roomStyles,
    styles,
    css`
      .why {
        display: grid;
        gap: 1.25rem;
        margin: 1.5rem 0;
      }

      .why h2 {
        font-size: 1.25rem;
      }

      .why h3 {
        margin-bottom: 0.25rem;
        font: 600 0.9375rem/1.5 var(--sans);
      }

      .why p {
        max-width: 44rem;
        font: 400 1rem/1.55 var(--serif);
      }

      .why .look {
        margin-bottom: 0.5rem;
        font: 400 0.9375rem/1.5 var(--sans);
      }

      .why button {
        padding: 0;
        color: var(--soft);
      }

      .why ddpm-formula {
        margin-bottom: 0.25rem;
      }

      .controls {
        display: grid;
        gap: 1.25rem;
      }

      /* Beneath the pictures of a tablet. */
      @container (min-width: 38rem) and (max-width: 56.99rem) {
        .controls {
          grid-template-columns: 1fr 1fr;
          column-gap: 2rem;
          align-items: start;
        }
      }

      .mistakes {
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr));
        gap: 0 1.5rem;
      }

      .range {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 0.75rem;
        align-items: center;
      }

      .range .label {
        grid-column: 1 / -1;
        margin: 0;
      }

      .nothing {
        display: grid;
        place-items: center;
        min-height: 8rem;
        padding: 1rem;
        border: 1px dashed var(--line);
        border-radius: var(--radius);
        color: var(--soft);
        text-align: center;
      }
    `,
  ]

  #wrong: Runner | undefined
  #tables: ScheduleTables | undefined
  /** What the two runs were asked for. */
  #asked = ''
  #made = ''

  constructor() {
    super()
    new Follow(this, () => this.#wrong)
  }

  override connectedCallback() {
    super.connectedCallback()
    this.#wrong ??= new Runner(this.engines)
  }

  /** Runs what the state asks for and has not been run: often only the wrong half. */
  protected override follow(): void {
    if (this.#recipe() !== this.#asked) void this.run()
    else if (this.store.state.mistakes !== this.#made) void this.#runWrong()
  }

  #recipe(): string {
    const { model, mistakeSteps, seed, classes, guidance } = this.store.state
    return (
      `model=${model}&sampler=ddpm&steps=${mistakeSteps}&spacing=uniform&variance=beta&clip=1` +
      `&seed=${seed}&classes=${classes}&guidance=${guidance}&count=${count}`
    )
  }

  protected override async run(hash = this.store.state.model || this.#settle()): Promise<void> {
    this.scrubbed = undefined
    this.#wrong?.cancel()
    await this.runner.start({
      model: hash,
      choose: (model) => {
        this.fit(model, { mistakeSteps: Math.min(this.store.state.mistakeSteps, model.timesteps) })
        this.#asked = this.#recipe()
        return this.#asked
      },
      prepare: async (engine) => {
        const { schedule, timesteps } = engine.model
        this.#tables = await engine.schedule(schedule, timesteps)
        void this.#runWrong()
        return {}
      },
    })
    if (this.mend()) await this.run(hash)
  }

  async #runWrong(): Promise<void> {
    this.scrubbed = undefined
    const made = this.#mistakes
    this.#made = this.store.state.mistakes
    if (made.length === 0) {
      this.#wrong?.cancel()
      this.requestUpdate()
      return
    }
    await this.#wrong?.start({
      model: '',
      choose: () => this.#asked,
      prepare: () => ({ mistakes: made, beside: true }),
    })
  }

  get #mistakes(): Mistake[] {
    const chosen = this.store.state.mistakes.split(',')
    return mistakes.filter((mistake) => chosen.includes(mistake))
  }

  #choose(patch: Partial<State>): void {
    this.store.set(patch, 'push')
    this.follow()
  }

  #cancel(): void {
    this.runner.cancel()
    this.#wrong?.cancel()
  }

  protected override render() {
    const { runner: right } = this
    const wrong = this.#wrong
    if (!wrong) return nothing
    const loaded = this.engines.model !== undefined
    const busy = right.busy || wrong.busy
    // Progress is told of the run that is behind.
    const slow = right.busy || !wrong.busy ? right : wrong
    const frame = this.frameOf(right)
    const other = this.frameOf(wrong)
    const share =
      slow.state.name === 'running' ? slow.state.share : frame ? (right.film.last?.index ?? 0) / frame.of : 0
    const made = this.#mistakes
    return html`
      <ddpm-notice .notice=${this.#notice()}></ddpm-notice>
      <header>
        <h1>${text.break.heading}</h1>
        <p class="lead">${text.break.lead}</p>
      </header>
      <div class="room">
        ${this.#choices(made)}
        <section class="stage" aria-label=${text.break.pictures} aria-busy=${busy ? 'true' : 'false'}>
          <div class="acts">
            ${
              busy
                ? html`<button class="main cancel" @click=${() => this.#cancel()}>${text.generate.cancel}</button>`
                : html`<button class="main start" @click=${() => void this.run()}>${text.break.again}</button>`
            }
            <p class="progress number">${progressWords(slow, loaded)}</p>
            <p class="t number">
              ${frame ? html`<i>t</i> = ${frame.t} → ${right.film.leaves(frame) ?? '…'}` : nothing}
            </p>
            <p class="unseen" role="status">${milestoneWords(slow, loaded)}</p>
          </div>
          <ddpm-scrub
            .index=${frame?.index ?? 0}
            .of=${frame?.of ?? this.store.state.mistakeSteps}
            .t=${frame?.t ?? 0}
            .share=${share}
            .latest=${right.film.last?.index ?? 0}
            @scrub=${(event: CustomEvent<number>) => (this.scrubbed = event.detail)}
          ></ddpm-scrub>
          <div class="planes">
            ${this.#side('right', text.break.right, frame)}
            ${
              made.length === 0
                ? html`<p class="nothing">${text.break.none}</p>`
                : this.#side('wrong', made.length === 1 ? text.break.wrong : text.break.wrongs, other)
            }
          </div>
          <div class="after">
            <ddpm-save
              .name=${`ddpm-${made.join('-') || 'right'}-${this.store.state.seed}`}
              .picture=${() => (made.length === 0 ? frame && sheet(frame.x) : other && sheet(other.x))}
              .movie=${() => movieOf(made.length === 0 ? right.film : wrong.film)}
              .numbers=${() => this.#tables && numbersOf(made.length === 0 ? right.film : wrong.film, this.#tables)}
              ?disabled=${!(made.length === 0 ? frame : other)}
            ></ddpm-save>
          </div>
          ${made.length > 0 ? this.#why(made) : nothing}
        </section>
        ${this.#controls()}
      </div>
    `
  }

  #side(name: 'right' | 'wrong', caption: string, frame: Frame | undefined) {
    const { model } = this.engines
    const classes = this.runner.recipe?.classes ?? []
    const any = isDigits(model) ? text.generate.anyTile : text.generate.anyTileOther
    const labels = Array.from({ length: count }, (_, i) => {
      const label = model?.classes[classes[i % classes.length] ?? -1]
      return label === undefined ? any : className(label)
    })
    return html`
      <figure>
        <ddpm-tiles
          class=${name}
          .pictures=${frame?.x}
          .side=${model?.imageSize ?? 28}
          .when=${frame && whenWords(frame)}
          .labels=${name === 'right' ? labels : labels.map(text.break.wrongTile)}
        ></ddpm-tiles>
        <figcaption>${caption}</figcaption>
      </figure>
    `
  }

  #why(made: readonly Mistake[]) {
    return html`
      <div class="why">
        <h2>${text.break.why}</h2>
        ${made.map((mistake) => {
          const { name, look, why } = text.break.mistakes[mistake]
          return html`
            <div>
              <h3>${prose(name)}</h3>
              <p class="look">${prose(look)}</p>
              <ddpm-formula .math=${formulas[mistake]}></ddpm-formula>
              <p>${prose(why)}</p>
              ${
                this.#isPlainest(mistake)
                  ? nothing
                  : html`<button class="plain" @click=${() => this.#showAlone(mistake)}>
                      ${made.length > 1 ? text.break.alone : text.break.plainest}
                    </button>`
              }
            </div>
          `
        })}
      </div>
    `
  }

  #choices(made: readonly Mistake[]) {
    return html`
      <fieldset class="controls mistakes">
        <legend class="label">${text.break.choose}</legend>
        ${mistakes.map(
          (mistake) => html`
            <label class="check">
              <input
                type="checkbox"
                name=${mistake}
                .checked=${made.includes(mistake)}
                @change=${() => this.#toggle(mistake)}
              />
              <span>${prose(text.break.mistakes[mistake].name)}</span>
            </label>
          `,
        )}
      </fieldset>
    `
  }

  #controls() {
    const { mistakeSteps, guidance, model } = this.store.state
    const most = this.engines.model?.timesteps ?? 1000
    const steps = [...new Set([...stepChoices.filter((n) => n <= most), mistakeSteps])].sort((a, b) => a - b)
    return html`
      <div class="controls">
        ${chooseModel(this.engines, model, (hash) => {
          this.store.set({ model: '', classes: '' }, 'push')
          void this.run(hash)
        })}
        <fieldset>
          <legend class="label">${text.break.steps}</legend>
          <div class="segments">
            ${steps.map(
              (n) => html`
                <label>
                  <input
                    type="radio"
                    name="steps"
                    value=${n}
                    .checked=${n === mistakeSteps}
                    @change=${() => this.#choose({ mistakeSteps: n })}
                  />
                  <span>${whole(n)}</span>
                </label>
              `,
            )}
          </div>
        </fieldset>
        <div class="range">
          <label class="label" for="guidance">${text.generate.guidance}</label>
          <input
            id="guidance"
            type="range"
            min="1"
            max="10"
            step="0.5"
            .value=${String(guidance)}
            @change=${(event: Event) => this.#choose({ guidance: Number((event.target as HTMLInputElement).value) })}
          />
          <output for="guidance" class="number" aria-hidden="true">${fixed(guidance, 1)}</output>
        </div>
        <button @click=${this.#newSeed}>${text.generate.newSeed}</button>
      </div>
    `
  }

  #toggle(mistake: Mistake): void {
    const made = this.#mistakes
    const next = mistakes.filter((one) => (one === mistake) !== made.includes(one))
    const [only] = next
    // One by itself is shown where it is plain to see, unless the visitor has chosen where.
    if (only && next.length === 1 && untouched(this.store.state)) this.#showAlone(only)
    else this.#choose({ mistakes: next.join(',') })
  }

  /**
   * A link that names one mistake, and not where it is made, opens where that is plain to see. Gives the network; once
   * it is there, the state names it, and what the visitor chooses stays.
   */
  #settle(): string {
    const [only, more] = this.#mistakes
    const { store } = this
    const where = (['model', 'mistakeSteps', 'guidance'] as const).some((key) => store.isGiven(key))
    if (!only || more || where || !store.isGiven('mistakes') || !untouched(store.state)) return ''
    const { mistakeSteps, guidance } = plainest[only]
    store.set({ mistakeSteps, guidance }, 'replace')
    return this.#network(only)
  }

  /** The hash of the network in which a mistake is plain to see; of the one that is there, where the page has no such. */
  #network(mistake: Mistake): string {
    const { network } = plainest[mistake]
    return this.engines.shipped.find(({ name }) => name === network)?.hash ?? this.store.state.model
  }

  #isPlainest(mistake: Mistake): boolean {
    const { mistakes: made, mistakeSteps, guidance, model } = this.store.state
    const best = plainest[mistake]
    const settings = best.mistakeSteps === mistakeSteps && best.guidance === guidance
    return made === mistake && settings && this.#network(mistake) === model
  }

  #showAlone(mistake: Mistake): void {
    const { mistakeSteps, guidance } = plainest[mistake]
    const hash = this.#network(mistake)
    const patch: Partial<State> = { mistakes: mistake, mistakeSteps, guidance }
    if (hash === this.store.state.model) return this.#choose(patch)
    this.store.set({ ...patch, model: '', classes: '' }, 'push')
    void this.run(hash)
  }

  #newSeed(): void {
    const [drawn] = crypto.getRandomValues(new Uint32Array(1))
    this.#choose({ seed: String((drawn ?? 0) % 1_000_000) })
  }

  #notice(): Notice | undefined {
    for (const runner of [this.runner, this.#wrong]) {
      if (runner?.state.name === 'failed') return errorNotice(runner.state.error, { retry: () => void this.run() })
    }
    return undefined
  }
}

customElements.define('ddpm-break', DdpmBreak)
