import { html, nothing } from 'lit'
import type { ScheduleTables } from '../../shared/engine.ts'
import '../math/formula.ts'
import x from '../math/x.tex'
import x0 from '../math/x0.tex'
import { text } from '../messages/index.ts'
import { act } from '../parts/act.ts'
import { className } from '../parts/class-name.ts'
import { whole } from '../parts/format.ts'
import { errorNotice, type Notice } from '../parts/notice.ts'
import '../parts/notice.ts'
import '../parts/save.ts'
import { hasEta } from '../state/recipe.ts'
import { Follow } from '../state/store.ts'
import { recipeText, type State } from '../state/table.ts'
import { DrawingRoom } from './drawing-room.ts'
import type { Frame } from './film.ts'
import { initialRecipe, isDigits, usual } from './fit.ts'
import { movieOf } from './movie.ts'
import { numbersOf } from './numbers.ts'
import { milestoneWords, progressWords, whenWords } from './progress.ts'
import { Runner } from './runner.ts'
import './about.ts'
import { commandOf } from './command.ts'
import './scrub.ts'
import './settings.ts'
import { sheet } from './sheet.ts'
import { styles } from './styles.ts'
import './tiles.ts'

/** The room in which pictures come out of noise. */
export class DdpmGenerate extends DrawingRoom {
  static override styles = [DrawingRoom.roomStyles, styles]

  /** The run of the other sampler, where two are compared. */
  #second: Runner | undefined
  #tables: ScheduleTables | undefined
  #edited = false
  #compared: State['compare'] = ''

  constructor() {
    super()
    new Follow(this, () => this.#second)
  }

  override connectedCallback() {
    super.connectedCallback()
    this.#second ??= new Runner(this.engines)
  }

  protected override follow(): void {
    this.#edited = false
    const { state } = this.store
    if (recipeText(state) !== this.runner.asked || state.compare !== this.#compared) void this.run()
  }

  protected override async run(hash = this.store.state.model): Promise<void> {
    const { runner } = this
    const second = this.#second
    this.scrubbed = undefined
    this.#edited = false
    second?.cancel()
    const { compare } = this.store.state
    this.#compared = compare
    await runner.start({
      model: hash,
      choose: (model) => {
        this.fit(model)
        return recipeText(this.store.state)
      },
      prepare: async (engine) => {
        const { schedule, timesteps } = engine.model
        this.#tables = await engine.schedule(schedule, timesteps)
        if (compare) {
          void second?.start({
            model: '',
            choose: () => recipeText({ ...this.store.state, sampler: compare }),
            prepare: () => ({ beside: true }),
          })
        }
        return {}
      },
    })
    if (this.mend()) await this.run(hash)
  }

  /** What is usual for the network that is on its way: shown already, so that no control changes when it is there. */
  get #expected(): Partial<State> {
    const { state } = this.store
    const file = state.model === '' ? this.engines.fileOf('') : undefined
    return file ? usual(state, file, (key) => this.store.isGiven(key)) : {}
  }

  #cancel(): void {
    this.runner.cancel()
    this.#second?.cancel()
  }

  /** Another network draws what is usual for it. */
  #chooseModel(hash: string): void {
    this.store.set({ ...initialRecipe(), model: '', classes: '', branch: '' }, 'push')
    void this.run(hash)
  }

  /** Draws several endings of picture 0 from the step that is shown. */
  #branch(frame: Frame): void {
    const { sampler, eta } = this.store.state
    const t = this.runner.film.leaves(frame) ?? frame.t
    const patch: Partial<State> = { branch: String(t) }
    // Without fresh noise all endings would be one, or nearly where they are asked to be of other classes: η brings it in.
    const noisy = sampler === 'ddpm' || (hasEta(sampler) && eta > 0)
    if (!noisy) Object.assign(patch, { sampler: 'ddim', eta: 1 })
    this.store.set(patch, 'push')
    void this.run()
  }

  /** The first change after a run is a place of its own in the history, the next ones refine it. */
  #choose(patch: Partial<State>): void {
    this.store.set({ ...this.#expected, ...patch }, this.#edited ? 'replace' : 'push')
    this.#edited = true
  }

  protected override render() {
    const { runner } = this
    const frame = this.frameOf(runner)
    const model = this.engines.model
    const recipe = { ...this.store.state, ...this.#expected }
    const busy = runner.busy || (this.#second?.busy ?? false)
    const share =
      runner.state.name === 'running' ? runner.state.share : frame ? (runner.film.last?.index ?? 0) / frame.of : 0
    return html`
      <ddpm-notice .notice=${this.#notice()}></ddpm-notice>
      <header>
        <h1>${text.generate.heading}</h1>
        <p class="lead">${isDigits(model) ? text.generate.lead : text.generate.leadOther}</p>
      </header>
      <div class="room">
        <section class="stage" aria-label=${text.generate.pictures} aria-busy=${busy ? 'true' : 'false'}>
          <div class="acts">
            ${act({ busy, start: text.generate.start, begin: () => void this.run(), end: () => this.#cancel() })}
            <p class="progress number">${progressWords(runner, model !== undefined)}</p>
            <p class="t number">
              ${frame ? html`<i>t</i> = ${frame.t} → ${runner.film.leaves(frame) ?? '…'}` : nothing}
            </p>
            <p class="unseen" role="status">${milestoneWords(runner, model !== undefined)}</p>
          </div>
          <ddpm-scrub
            .index=${frame?.index ?? 0}
            .of=${frame?.of ?? recipe.steps}
            .t=${frame?.t ?? 0}
            .share=${share}
            .latest=${runner.film.last?.index ?? 0}
            @scrub=${(event: CustomEvent<number>) => this.#scrub(event.detail)}
          ></ddpm-scrub>
          ${this.#branching(frame, busy)} ${this.#planes(frame)}
          <div class="after">
            <ddpm-save
              .name=${`ddpm-${this.store.state.seed}`}
              .picture=${() => frame && sheet(frame.x)}
              .movie=${() => movieOf(runner.film)}
              .numbers=${() => this.#tables && numbersOf(runner.film, this.#tables)}
              ?disabled=${!frame}
            ></ddpm-save>
          </div>
          <ddpm-about .model=${model} .command=${commandOf('sample', runner, '--out grid.png')}></ddpm-about>
        </section>
        <ddpm-settings
          class="controls"
          .recipe=${recipe}
          .model=${model}
          .engines=${this.engines}
          @model=${(event: CustomEvent<string>) => this.#chooseModel(event.detail)}
          @choose=${(event: CustomEvent<Partial<State>>) => this.#choose(event.detail)}
          @start=${() => void this.run()}
        ></ddpm-settings>
      </div>
    `
  }

  /** A step is where several endings can begin, as long as two are left to take. */
  #branching(frame: Frame | undefined, busy: boolean) {
    const { branch } = this.store.state
    const words = text.generate.branch
    return html`
      <div class="branch">
        <button
          class="plain from"
          ?disabled=${busy || !frame || frame.index > frame.of - 2}
          @click=${() => frame && this.#branch(frame)}
        >
          ${words.here}
        </button>
        ${
          branch
            ? html`<span class="quiet">${words.at(whole(Number(branch)))}</span>
                <button class="plain" @click=${() => this.#choose({ branch: '' })}>${words.none}</button>`
            : nothing
        }
      </div>
    `
  }

  #planes(frame: Frame | undefined) {
    const labels = this.#labels(frame)
    if (this.#compared && frame) return this.#comparison(frame, labels)
    const predicted = labels.map(text.generate.tileX0)
    const side = (this.runner.model ?? this.engines.model)?.imageSize ?? 28
    const when = frame && whenWords(frame)
    return html`
      <div class="planes">
        <figure>
          <ddpm-tiles class="x" .pictures=${frame?.x} .side=${side} .labels=${labels} .when=${when}></ddpm-tiles>
          <figcaption><ddpm-formula .math=${x}></ddpm-formula>${text.generate.xHeading}</figcaption>
        </figure>
        <figure>
          <ddpm-tiles class="x0" .pictures=${frame?.x0} .side=${side} .labels=${predicted} .when=${when}></ddpm-tiles>
          <figcaption><ddpm-formula .math=${x0}></ddpm-formula>${text.generate.x0Heading}</figcaption>
        </figure>
      </div>
    `
  }

  /** Two samplers' pictures, from the same noise, as far along. */
  #comparison(frame: Frame, labels: string[]) {
    const film = this.#second?.film
    const other = film?.near(Math.round((frame.index / frame.of) * (film.last?.of ?? 0)))
    const samplers = text.generate.samplers as Record<string, string>
    const side = (sampler: string, plane: string, one: Frame | undefined) => {
      const name = samplers[sampler] ?? sampler
      return html`
        <figure>
          <ddpm-tiles
            class=${plane}
            .pictures=${one?.x}
            .side=${frame.x.width}
            .labels=${labels.map((label) => text.generate.tileBy(label, name))}
            .when=${one && whenWords(one)}
          ></ddpm-tiles>
          <figcaption>
            <strong>${name}</strong>
            ${one ? html`<span class="number">${text.generate.progress(whole(one.index), whole(one.of))}</span>` : nothing}
          </figcaption>
        </figure>
      `
    }
    return html`
      <div class="planes">
        ${side(this.runner.recipe?.sampler ?? '', 'x', frame)} ${side(this.#compared, 'other', other)}
      </div>
      <p class="quiet">${text.generate.sameNoise}</p>
    `
  }

  /** The class that each picture was asked to be. */
  #labels(frame: Frame | undefined): string[] {
    const classes = this.runner.recipe?.classes ?? []
    const model = this.runner.model ?? this.engines.model
    const names = model?.classes ?? []
    const any = isDigits(model) ? text.generate.anyTile : text.generate.anyTileOther
    return Array.from({ length: frame?.x.count ?? this.store.state.count }, (_, i) => {
      const index = classes.length > 0 ? (classes[i % classes.length] ?? -1) : -1
      const name = names[index]
      return name === undefined ? any : className(name)
    })
  }

  #notice(): Notice | undefined {
    const state = [this.runner.state, this.#second?.state].find((state) => state?.name === 'failed')
    if (state?.name !== 'failed') return undefined
    return errorNotice(state.error, { retry: () => void this.run() })
  }

  #scrub(index: number): void {
    this.scrubbed = index === this.runner.film.last?.index ? undefined : index
  }
}

customElements.define('ddpm-generate', DdpmGenerate)
