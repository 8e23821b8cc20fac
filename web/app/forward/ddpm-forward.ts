import { html, nothing } from 'lit'
import type { NoisedPicture, RGBAPicture, ScheduleName, ScheduleTables } from '../../shared/engine.ts'
import type { EngineError } from '../../shared/errors.ts'
import { text } from '../messages/index.ts'
import { errorNotice, type Notice } from '../parts/notice.ts'
import '../parts/notice.ts'
import { Room } from '../parts/room.ts'
import { asEngineError } from '../state/engines.ts'
import { Follow } from '../state/store.ts'
import { type State, table } from '../state/table.ts'
import { decode, PictureFault } from './decode.ts'
import { type Intake, PictureIntake } from './intake.ts'
import { Noiser } from './noiser.ts'
import './panel.ts'
import { Play } from './play.ts'
import { forwardT, own } from './props.ts'
import { sample, type SampleName } from './samples.ts'
import { type OwnPicture } from './side.ts'
import './side.ts'
import { styles } from './styles.ts'
import './time.ts'

/** Side of the sample pictures, in pixels. */
const sampleSize = 512

/** The forward room: a picture, and where q(x_t | x_0) takes it. */
export class DdpmForward extends Room {
  static override properties = {
    notice: { state: true },
    over: { state: true },
    tables: { state: true },
    noised: { state: true },
  }
  static override styles = [Room.roomStyles, styles]

  declare notice: Notice | undefined
  declare over: boolean
  declare tables: Partial<Record<ScheduleName, ScheduleTables>>
  declare noised: Partial<Record<ScheduleName, NoisedPicture>>

  #noiser: Noiser | undefined
  #own: OwnPicture | undefined
  #x0: RGBAPicture | undefined
  #wanted = ''
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
    this.#noiser ??= new Noiser(
      this.engines,
      (pictures) => (this.noised = { ...this.noised, ...Object.fromEntries(pictures.map((p) => [p.schedule, p])) }),
      (error) => this.#fail(error),
    )
    try {
      const engine = await this.engines.open()
      const [linear, cosine] = await Promise.all([
        engine.schedule('linear', forwardT),
        engine.schedule('cosine', forwardT),
      ])
      this.tables = { linear, cosine }
      this.#want()
    } catch (error) {
      this.#fail(asEngineError(error))
    }
  }

  protected override willUpdate() {
    if (this.store.state.room !== 'forward') this.#play.stop()
    if (this.store.state.picture !== own || this.#own) return
    this.notice = { title: text.forward.own, lines: [text.forward.ownGone], dismiss: this.#dismiss }
    this.store.set({ picture: table.picture.initial }, 'replace')
  }

  protected override updated() {
    this.#want()
  }

  /** A hand on the slider takes over. */
  #move(t: number): void {
    this.#play.stop()
    this.store.set({ t }, 'replace')
    this.#want()
  }

  /** Asks for what the state says, if that is not what was asked for last. */
  #want(): void {
    const { picture, show, noise, t } = this.store.state
    const x0 = picture === own ? this.#own?.picture : this.#sample(picture)
    const wanted = [show, noise, t].join()
    if (!x0 || !this.#noiser || !this.tables.linear || (x0 === this.#x0 && wanted === this.#wanted)) return
    this.#x0 = x0
    this.#wanted = wanted
    this.#noiser.picture = x0
    this.#noiser.want({ t, T: forwardT, seed: noise, schedules: shown(show) })
  }

  /** A sample picture, if it is painted already; if not, it is asked for and comes with an update. */
  #sample(name: SampleName): RGBAPicture | undefined {
    const made = this.#samples.get(name)
    if (made) return made.picture
    const begun: { picture?: RGBAPicture } = {}
    this.#samples.set(name, begun)
    void sample(name, sampleSize).then((picture) => {
      begun.picture = picture
      this.requestUpdate()
    })
    return undefined
  }

  #fail(error: EngineError): void {
    this.notice = errorNotice(error, { retry: () => void this.#again(), dismiss: this.#dismiss })
  }

  async #again(): Promise<void> {
    this.#wanted = ''
    this.notice = undefined
    await this.#begin()
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

  #refuse(why: string): void {
    this.store.set({ room: 'forward' }, 'push')
    this.notice = { title: why, lines: [text.picture.kept], dismiss: this.#dismiss }
  }

  protected override render() {
    const { t, show, noise, picture } = this.store.state
    const name = picture === own ? text.forward.named(this.#own?.name ?? '') : text.forward.samples[picture]
    return html`
      <ddpm-notice .notice=${this.notice}></ddpm-notice>
      <header>
        <h1>${text.forward.heading}</h1>
        <p class="lead">${text.forward.lead}</p>
      </header>
      <div class="room">
        <section class="stage ${show}" aria-label=${text.forward.pictures}>
          <div class="pictures">
            ${shown(show).map(
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
            .show=${show}
            .linear=${this.tables.linear}
            .cosine=${this.tables.cosine}
            .playing=${this.#play.playing}
            @move=${(event: CustomEvent<number>) => this.#move(event.detail)}
            @play=${() => (this.#play.playing ? this.#play.stop() : this.#play.start(t / forwardT))}
          ></ddpm-time>
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
      ${this.over ? html`<div class="over" aria-hidden="true"><p>${text.forward.drop}</p></div>` : nothing}
    `
  }
}

function shown(show: State['show']): readonly ScheduleName[] {
  return show === 'both' ? ['linear', 'cosine'] : [show]
}

customElements.define('ddpm-forward', DdpmForward)
