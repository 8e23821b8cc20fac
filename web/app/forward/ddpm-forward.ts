import { html, nothing } from 'lit'
import type { RGBAPicture, ScheduleTables, Walked } from '../../shared/engine.ts'
import type { EngineError } from '../../shared/errors.ts'
import { text } from '../messages/index.ts'
import type { Numbers } from '../parts/csv.ts'
import type { Movie } from '../parts/movie/movie.ts'
import { errorNotice, type Notice } from '../parts/notice.ts'
import '../parts/notice.ts'
import { Room } from '../parts/room.ts'
import '../parts/save.ts'
import { asEngineError } from '../state/engines.ts'
import { Follow } from '../state/store.ts'
import { type State, table } from '../state/table.ts'
import './chain.ts'
import './curves.ts'
import { decode, PictureFault } from './decode.ts'
import { beside, film, tableNumbers } from './film.ts'
import { type Intake, PictureIntake } from './intake.ts'
import { type Drawn, Noiser } from './noiser.ts'
import './panel.ts'
import { Play } from './play.ts'
import { forwardT, own } from './props.ts'
import { sample, type SampleName } from './samples.ts'
import { type Kind, nameOf, shown } from './schedules.ts'
import { type OwnPicture } from './side.ts'
import './side.ts'
import { styles } from './styles.ts'
import './time.ts'
import { Walker } from './walker.ts'

/** Side of the sample pictures, in pixels. */
const sampleSize = 512

/** Milliseconds that the numbers wait for their picture. */
const patience = 8

/** The forward room: a picture, and where q(x_t | x_0) takes it. */
export class DdpmForward extends Room {
  static override properties = {
    notice: { state: true },
    failed: { state: true },
    over: { state: true },
    tables: { state: true },
    noised: { state: true },
    walked: { state: true },
  }
  static override styles = [Room.roomStyles, styles]

  declare notice: Notice | undefined
  /** What the engine failed of; stays until it is tried again or dismissed, wherever the visitor goes. */
  declare failed: EngineError | undefined
  declare over: boolean
  declare tables: Partial<Record<Kind, ScheduleTables>>
  declare noised: Drawn
  /** Where the chain stands, and by which schedule it went. */
  declare walked: { readonly walked: Walked; readonly kind: Kind } | undefined

  #noiser: Noiser | undefined
  #walker: Walker | undefined
  /** Whether the chain is in sight. */
  #near = false
  /** The bent schedule whose tables were asked for last. */
  #bent = ''
  #asking = false
  readonly #still = matchMedia('(prefers-reduced-motion: reduce)')
  #own: OwnPicture | undefined
  #x0: RGBAPicture | undefined
  #wanted = ''
  /** Resolves when the picture is there that was asked for last, or takes longer than the numbers should. */
  #soon: Promise<unknown> = Promise.resolve()
  #come: (() => void) | undefined
  readonly #play = new Play(this, (share) => {
    this.store.set({ t: Math.round(share * forwardT) }, 'replace')
    this.#want()
  })
  readonly #samples = new Map<SampleName, { picture?: RGBAPicture }>()

  constructor() {
    super()
    this.over = false
    this.tables = {}
    this.noised = {}
    new Follow(this, () => this.store)
    this.addController(
      new PictureIntake(
        () => (this.alone ? this : window),
        (intake) => void this.#take(intake),
        (over) => (this.over = over),
      ),
    )
  }

  override connectedCallback() {
    super.connectedCallback()
    this.store.addEventListener('navigate', this.#dismiss)
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    this.store.removeEventListener('navigate', this.#dismiss)
  }

  protected override firstUpdated() {
    void this.#begin()
  }

  async #begin(): Promise<void> {
    const fail = (error: EngineError) => this.#fail(error)
    this.#noiser ??= new Noiser(this.engines, (drawn) => this.#draw(drawn), fail)
    this.#walker ??= new Walker(this.engines, (walked, kind) => this.#show(walked, kind), fail)
    try {
      const engine = await this.engines.open()
      const [linear, cosine] = await Promise.all([
        engine.schedule('linear', forwardT),
        engine.schedule('cosine', forwardT),
      ])
      this.tables = { ...this.tables, linear, cosine }
      this.#want()
    } catch (error) {
      this.#fail(asEngineError(error))
    }
  }

  /** Gets the bent schedule's tables, for where the hand is now: not for all the places that it came by. */
  async #follow(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    try {
      const engine = await this.engines.open()
      while (this.#bent !== this.store.state.bend) {
        this.#bent = this.store.state.bend
        const bent = await engine.schedule(nameOf('bent', this.#bent), forwardT)
        this.tables = { ...this.tables, bent }
      }
    } catch (error) {
      this.#fail(asEngineError(error))
    } finally {
      this.#asking = false
    }
  }

  /** Where motion is unwelcome, only the place that the chain went to. */
  #show(walked: Walked, kind: Kind): void {
    if (walked.left === 0 || !this.#still.matches) this.walked = { walked, kind }
  }

  /** Laying the numbers out takes longer than most pictures, which would wait for it. */
  protected override async scheduleUpdate(): Promise<void> {
    await this.#soon
    await super.scheduleUpdate()
  }

  protected override willUpdate() {
    if (this.store.state.room !== 'forward') this.#play.stop()
    if (this.store.state.picture !== own || this.#own) return
    this.notice = { title: text.forward.own, lines: [text.forward.ownGone], dismiss: this.#dismiss }
    this.store.set({ picture: table.picture.initial }, 'replace')
  }

  protected override updated() {
    this.#want()
    if (this.tables.linear && this.#bent !== this.store.state.bend) void this.#follow()
  }

  #draw(drawn: Drawn): void {
    this.noised = { ...this.noised, ...drawn }
    this.#come?.()
    // The chain follows once the pictures are there: they are what the hand waits for.
    void this.updateComplete.then(() => requestAnimationFrame(() => this.#wantWalk()))
  }

  #see(near: boolean): void {
    this.#near = near
    this.#wantWalk()
  }

  #wantWalk(): void {
    const { show, bend, noise, t } = this.store.state
    const kind = shown(show)[0]
    if (!this.#near || !this.#x0 || !kind) return
    this.#walker?.want({ picture: this.#x0, kind, bend, t, T: forwardT, seed: noise })
  }

  /** A hand on the slider takes over. */
  #move(t: number): void {
    this.#play.stop()
    this.store.set({ t }, 'replace')
    this.#want()
  }

  /** Asks for what the state says, if that is not what was asked for last. */
  #want(): void {
    const { picture, show, bend, noise, t } = this.store.state
    const x0 = picture === own ? this.#own?.picture : this.#sample(picture)
    const kinds = shown(show)
    const wanted = [kinds, kinds.includes('bent') ? bend : '', noise, t].join()
    if (!x0 || !this.#noiser || !this.tables.linear || (x0 === this.#x0 && wanted === this.#wanted)) return
    this.#x0 = x0
    this.#wanted = wanted
    this.#noiser.picture = x0
    this.#walker?.rest()
    this.#noiser.want({ t, T: forwardT, seed: noise, kinds, bend })
    this.#soon = new Promise<void>((resolve) => {
      this.#come = resolve
      setTimeout(resolve, patience)
    })
  }

  /** A sample picture, if it is painted already; if not, it is asked for and comes with an update. */
  #sample(name: SampleName): RGBAPicture | undefined {
    const made = this.#samples.get(name)
    if (made) return made.picture
    const begun: { picture?: RGBAPicture } = {}
    this.#samples.set(name, begun)
    void sample(name, sampleSize).then(
      (picture) => {
        begun.picture = picture
        this.requestUpdate()
      },
      (thrown: unknown) => {
        this.#samples.delete(name)
        this.#fail(asEngineError(thrown))
      },
    )
    return undefined
  }

  #fail(error: EngineError): void {
    this.failed = error
  }

  async #again(): Promise<void> {
    this.#wanted = ''
    this.#bent = ''
    this.notice = undefined
    this.failed = undefined
    await this.#begin()
  }

  #notice(): Notice | undefined {
    const { failed } = this
    if (this.notice || !failed) return this.notice
    return errorNotice(failed, { retry: () => void this.#again(), dismiss: () => (this.failed = undefined) })
  }

  readonly #dismiss = () => {
    this.notice = undefined
  }

  async #take(intake: Intake): Promise<void> {
    if ('file' in intake) return this.#open(intake.file)
    if (this.store.state.room !== 'forward') return
    this.#refuse(text.picture[intake.refused])
  }

  async #open(file: File): Promise<void> {
    try {
      const picture = await decode(file)
      this.#own = { picture, name: file.name }
      this.notice = undefined
      this.store.set({ room: 'forward', picture: own }, 'push')
      this.requestUpdate() // the state says "own" already where one picture follows another
    } catch (error) {
      if (!(error instanceof PictureFault)) throw error
      const name = file.name ? `“${file.name}”` : text.picture.unnamed
      this.#refuse(text.picture.faults[error.kind](name, error.type))
    }
  }

  /** The schedule under a hand is the one that is looked at. */
  #choose(bend: string): void {
    const { show } = this.store.state
    this.store.set({ bend, show: 'bent' }, show === 'bent' ? 'replace' : 'push')
    this.#want()
  }

  #drawn(): RGBAPicture | undefined {
    const pictures = shown(this.store.state.show).map((kind) => this.noised[kind])
    return pictures.every((one) => one !== undefined) ? beside(pictures) : undefined
  }

  /** A film needs the engine, which is there if a picture is. */
  #movie(): Movie | undefined {
    const { show, bend, noise } = this.store.state
    const { engine } = this.#noiser ?? {}
    return engine && film(engine, shown(show), bend, noise, forwardT)
  }

  #numbers(): Numbers {
    return tableNumbers(
      shown(this.store.state.show).flatMap((kind) => {
        const tables = this.tables[kind]
        return tables ? [[kind, tables] as const] : []
      }),
    )
  }

  #refuse(why: string): void {
    this.store.set({ room: 'forward' }, 'push')
    this.notice = { title: why, lines: [text.picture.kept], dismiss: this.#dismiss }
  }

  protected override render() {
    const { t, show, bend, noise, picture } = this.store.state
    const kinds = shown(show)
    const [first = 'linear'] = kinds
    const name = picture === own ? text.forward.named(this.#own?.name ?? '') : text.forward.samples[picture]
    return html`
      <ddpm-notice .notice=${this.#notice()}></ddpm-notice>
      <header>
        <h1>${text.forward.heading}</h1>
        <p class="lead">${text.forward.lead}</p>
      </header>
      <div class="room">
        <section class="stage ${show}" aria-label=${text.forward.pictures}>
          <div class="pictures">
            ${kinds.map(
              (schedule) =>
                html`<ddpm-panel
                  .schedule=${schedule}
                  .t=${t}
                  .tables=${this.tables[schedule]}
                  .noised=${this.noised[schedule]}
                  .name=${name}
                ></ddpm-panel>`,
            )}
          </div>
          <ddpm-time
            .t=${t}
            .end=${forwardT}
            .kinds=${kinds}
            .tables=${this.tables}
            .playing=${this.#play.playing}
            @move=${(event: CustomEvent<number>) => this.#move(event.detail)}
            @play=${() => (this.#play.playing ? this.#play.stop() : this.#play.start(t / forwardT))}
          ></ddpm-time>
          <ddpm-save
            .name=${`ddpm-noise-${noise}-t${t}`}
            .picture=${() => this.#drawn()}
            .movie=${() => this.#movie()}
            .numbers=${() => this.#numbers()}
            ?disabled=${!this.noised[first]}
          ></ddpm-save>
        </section>
        <ddpm-side
          class="controls"
          .show=${show}
          .noise=${noise}
          .picture=${picture}
          .own=${this.#own}
          @choose=${(event: CustomEvent<Partial<State>>) => this.store.set(event.detail, 'push')}
          @file=${(event: CustomEvent<File>) => void this.#open(event.detail)}
        ></ddpm-side>
      </div>
      <ddpm-chain
        .t=${t}
        .end=${forwardT}
        .kind=${this.walked?.kind ?? first}
        .tables=${this.tables[first]}
        .walked=${this.walked?.walked}
        .name=${name}
        @near=${(event: CustomEvent<boolean>) => this.#see(event.detail)}
        @move=${(event: CustomEvent<number>) => this.#move(event.detail)}
      ></ddpm-chain>
      <ddpm-curves
        .t=${t}
        .end=${forwardT}
        .bend=${bend}
        .tables=${this.tables}
        @move=${(event: CustomEvent<number>) => this.#move(event.detail)}
        @bend=${(event: CustomEvent<string>) => this.#choose(event.detail)}
      ></ddpm-curves>
      ${this.over ? html`<div class="over" aria-hidden="true"><p>${text.forward.drop}</p></div>` : nothing}
    `
  }
}

customElements.define('ddpm-forward', DdpmForward)
