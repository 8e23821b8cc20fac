import { html, nothing } from 'lit'
import '../math/formula.ts'
import x from '../math/x.tex'
import x0 from '../math/x0.tex'
import { text } from '../messages/index.ts'
import { duration, whole } from '../parts/format.ts'
import { errorNotice, type Notice } from '../parts/notice.ts'
import '../parts/notice.ts'
import { Room } from '../parts/room.ts'
import '../parts/save.ts'
import { Follow } from '../state/store.ts'
import { recipeText, type State } from '../state/table.ts'
import type { Frame } from './film.ts'
import { fit } from './fit.ts'
import { movieOf } from './movie.ts'
import { Runner } from './runner.ts'
import './about.ts'
import './scrub.ts'
import './settings.ts'
import { sheet } from './sheet.ts'
import { styles } from './styles.ts'
import './tiles.ts'

/** The room in which digits come out of noise. */
export class DdpmGenerate extends Room {
  static override properties = {
    scrubbed: { state: true },
  }
  static override styles = [Room.roomStyles, styles]

  /** The step that the visitor went back to; undefined while the latest is shown. */
  declare scrubbed: number | undefined

  #runner: Runner | undefined
  #entered = false
  #edited = false
  readonly #still = matchMedia('(prefers-reduced-motion: reduce)')

  constructor() {
    super()
    new Follow(this, () => this.store)
    new Follow(this, () => this.#runner)
    new Follow(this, () => this.engines)
  }

  override connectedCallback() {
    super.connectedCallback()
    this.store.addEventListener('navigate', this.#navigate)
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    this.store.removeEventListener('navigate', this.#navigate)
  }

  protected override willUpdate() {
    this.#runner ??= new Runner(this.engines)
    // The weights are fetched, and the first pictures drawn, when the room is first entered.
    if (this.store.state.room === 'generate' && !this.#entered) {
      this.#entered = true
      void this.#run()
    }
  }

  readonly #navigate = () => {
    this.#edited = false
    if (this.store.state.room !== 'generate' || !this.#entered) return
    if (recipeText(this.store.state) !== this.#runner?.asked) void this.#run()
  }

  async #run(): Promise<void> {
    const runner = this.#runner
    if (!runner) return
    this.scrubbed = undefined
    this.#edited = false
    await runner.start((model) => {
      const { patch, faults } = fit(this.store.state, model)
      this.store.set(patch, 'replace')
      if (faults.length > 0) this.store.setFaults([...this.store.faults, ...faults])
      return recipeText(this.store.state)
    })
  }

  /** The first change after a run is a place of its own in the history, the next ones refine it. */
  #choose(patch: Partial<State>): void {
    this.store.set(patch, this.#edited ? 'replace' : 'push')
    this.#edited = true
  }

  get #frame(): Frame | undefined {
    const film = this.#runner?.film
    if (!film) return undefined
    if (this.scrubbed !== undefined) return film.near(this.scrubbed)
    const last = film.last
    if (!last || !this.#still.matches || !this.#runner?.busy) return last
    // Where motion is unwelcome, a run shows itself in four pictures instead of a flicker.
    const quarter = Math.ceil(last.of / 4)
    return film.near(Math.max(1, Math.floor(last.index / quarter) * quarter))
  }

  protected override render() {
    const runner = this.#runner
    if (!runner) return nothing
    const frame = this.#frame
    const model = this.engines.model
    const share =
      runner.state.name === 'running' ? runner.state.share : frame ? (runner.film.last?.index ?? 0) / frame.of : 0
    return html`
      <ddpm-notice .notice=${this.#notice()}></ddpm-notice>
      <header>
        <h1>${text.generate.heading}</h1>
        <p class="lead">${text.generate.lead}</p>
      </header>
      <div class="room">
        <section class="stage" aria-label=${text.generate.pictures} aria-busy=${runner.busy ? 'true' : 'false'}>
          <div class="acts">
            ${
              runner.busy
                ? html`<button class="main cancel" @click=${() => runner.cancel()}>${text.generate.cancel}</button>`
                : html`<button class="main start" @click=${() => void this.#run()}>${text.generate.start}</button>`
            }
            <p class="progress number">${this.#progress()}</p>
            <p class="t number">
              ${frame ? html`<i>t</i> = ${frame.t} → ${runner.film.leaves(frame) ?? '…'}` : nothing}
            </p>
            <p class="unseen" role="status">${this.#milestone()}</p>
          </div>
          <ddpm-scrub
            .index=${frame?.index ?? 0}
            .of=${frame?.of ?? this.store.state.steps}
            .t=${frame?.t ?? 0}
            .share=${share}
            .latest=${runner.film.last?.index ?? 0}
            @scrub=${(event: CustomEvent<number>) => this.#scrub(event.detail)}
          ></ddpm-scrub>
          ${this.#planes(frame)}
          <div class="after">
            <ddpm-save
              .name=${`ddpm-${this.store.state.seed}`}
              .picture=${() => frame && sheet(frame.x)}
              .movie=${() => movieOf(runner.film)}
              ?disabled=${!frame}
            ></ddpm-save>
          </div>
          <ddpm-about .model=${model} .recipe=${frame ? (runner.recipe?.text ?? '') : ''}></ddpm-about>
        </section>
        <ddpm-settings
          class="controls"
          .recipe=${this.store.state}
          .model=${model}
          @choose=${(event: CustomEvent<Partial<State>>) => this.#choose(event.detail)}
          @start=${() => void this.#run()}
        ></ddpm-settings>
      </div>
    `
  }

  #planes(frame: Frame | undefined) {
    const labels = this.#labels(frame)
    const predicted = labels.map(text.generate.tileX0)
    return html`
      <div class="planes">
        <figure>
          <ddpm-tiles class="x" .pictures=${frame?.x} .labels=${labels}></ddpm-tiles>
          <figcaption><ddpm-formula .math=${x}></ddpm-formula>${text.generate.xHeading}</figcaption>
        </figure>
        <figure>
          <ddpm-tiles class="x0" .pictures=${frame?.x0} .labels=${predicted}></ddpm-tiles>
          <figcaption><ddpm-formula .math=${x0}></ddpm-formula>${text.generate.x0Heading}</figcaption>
        </figure>
      </div>
    `
  }

  /** The class that each picture was asked to be. */
  #labels(frame: Frame | undefined): string[] {
    const classes = this.#runner?.recipe?.classes ?? []
    const names = this.engines.model?.classes ?? []
    return Array.from({ length: frame?.x.count ?? this.store.state.count }, (_, i) => {
      const index = classes.length > 0 ? (classes[i % classes.length] ?? -1) : -1
      return names[index] ?? text.generate.anyTile
    })
  }

  #progress(): string {
    const state = this.#runner?.state
    const last = this.#runner?.film.last
    switch (state?.name) {
      case 'loading':
        return this.engines.model ? text.generate.starting : text.generate.loading
      case 'running': {
        if (state.remaining === undefined) return text.generate.starting
        const done = last ? text.generate.progress(whole(last.index), whole(last.of)) : text.generate.first
        return `${done}, ${text.generate.left(duration(state.remaining))}`
      }
      case 'done':
        return last ? text.generate.done(last.of, whole(last.of), duration(state.elapsed)) : ''
      case 'cancelled':
        return last ? text.generate.cancelled(whole(last.index), whole(last.of)) : text.generate.cancelledEarly
      default:
        return text.generate.idle
    }
  }

  /** What is said aloud: beginning and end, not every step. */
  #milestone(): string {
    const name = this.#runner?.state.name
    if (name === 'running') return text.generate.starting
    return name === 'done' || name === 'cancelled' ? this.#progress() : ''
  }

  #notice(): Notice | undefined {
    const state = this.#runner?.state
    if (state?.name !== 'failed') return undefined
    return errorNotice(state.error, { retry: () => void this.#run() })
  }

  #scrub(index: number): void {
    this.scrubbed = index === this.#runner?.film.last?.index ? undefined : index
  }
}

customElements.define('ddpm-generate', DdpmGenerate)
