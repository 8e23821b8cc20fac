import { html, nothing } from 'lit'
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
import '../generate/tiles.ts'
import { text } from '../messages/index.ts'
import { act } from '../parts/act.ts'
import { className } from '../parts/class-name.ts'
import { errorNotice, type Notice } from '../parts/notice.ts'
import '../parts/notice.ts'
import '../parts/save.ts'
import { Follow } from '../state/store.ts'
import type { State } from '../state/table.ts'
import { type Chosen, mistakeChoices, settings } from './controls.ts'
import { plainest, untouched } from './plainest.ts'
import { styles } from './styles.ts'
import { explanations } from './why.ts'

/** Pictures of each run. */
const count = 10

/** The room of Algorithm 2 and of what it becomes by the mistakes that people make. */
export class DdpmBreak extends DrawingRoom {
  static override styles = [DrawingRoom.roomStyles, styles]

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
        ${mistakeChoices(made, (mistake) => this.#toggle(mistake))}
        <section class="stage" aria-label=${text.break.pictures} aria-busy=${busy ? 'true' : 'false'}>
          <div class="acts">
            ${act({ busy, start: text.break.again, begin: () => void this.run(), end: () => this.#cancel() })}
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
          ${
            made.length > 0
              ? explanations(
                  made,
                  (mistake) => this.#isPlainest(mistake),
                  (mistake) => this.#showAlone(mistake),
                )
              : nothing
          }
        </section>
        ${settings(this.engines, this.store.state, this.#chosen)}
      </div>
    `
  }

  #side(name: 'right' | 'wrong', caption: string, frame: Frame | undefined) {
    const model = this.runner.model ?? this.engines.model
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

  readonly #chosen: Chosen = {
    network: (hash) => {
      this.store.set({ model: '', classes: '' }, 'push')
      void this.run(hash)
    },
    patch: (patch) => this.#choose(patch),
    newSeed: () => {
      const [drawn] = crypto.getRandomValues(new Uint32Array(1))
      this.#choose({ seed: String((drawn ?? 0) % 1_000_000) })
    },
  }

  #notice(): Notice | undefined {
    for (const runner of [this.runner, this.#wrong]) {
      if (runner?.state.name === 'failed') return errorNotice(runner.state.error, { retry: () => void this.run() })
    }
    return undefined
  }
}

customElements.define('ddpm-break', DdpmBreak)
