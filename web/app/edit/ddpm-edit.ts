import { html, nothing } from 'lit'
import type { Edit, Recipe, RGBAPicture, RunOptions, ScheduleTables } from '../../shared/engine.ts'
import { decode, PictureFault } from '../forward/decode.ts'
import '../draw/ddpm-draw.ts'
import '../generate/about.ts'
import { DrawingRoom } from '../generate/drawing-room.ts'
import { isDigits } from '../generate/fit.ts'
import { movieOf } from '../generate/movie.ts'
import { numbersOf } from '../generate/numbers.ts'
import { milestoneWords, progressWords, whenWords } from '../generate/progress.ts'
import '../generate/scrub.ts'
import { sheet } from '../generate/sheet.ts'
import '../generate/tiles.ts'
import { text } from '../messages/index.ts'
import { act } from '../parts/act.ts'
import { percent, whole } from '../parts/format.ts'
import { errorNotice, type Notice } from '../parts/notice.ts'
import '../parts/notice.ts'
import { prose } from '../parts/prose.ts'
import '../parts/save.ts'
import type { LoadedEngine } from '../state/engines.ts'
import { Follow } from '../state/store.ts'
import type { State } from '../state/table.ts'
import './controls.ts'
import { editCommand, type Inputs, inputButtons } from './inputs.ts'
import { maskOf } from './mask.ts'
import './picture.ts'
import { Sources } from './sources.ts'
import { styles } from './styles.ts'
import './task.ts'

/** Pictures that come of one, and on the way between two. */
const count = { vary: 8, fill: 8, blend: 9 } as const

/** How often each step of encoding is iterated further, as `ddpm edit interpolate` does. */
const refine = 4

/** The room in which pictures begin from pictures. */
export class DdpmEdit extends DrawingRoom {
  static override properties = {
    which: { state: true },
    fault: { state: true },
    encoding: { state: true },
  }
  static override styles = [DrawingRoom.roomStyles, styles]

  /** Which of two pictures is being changed. */
  declare which: 0 | 1
  /** Why a file could not be used. */
  declare fault: PictureFault | undefined
  /** The share of the way back up that is done, while two pictures are encoded. */
  declare encoding: number | undefined

  readonly #sources = new Sources()
  #tables: ScheduleTables | undefined
  #known = new Uint8Array()
  /** Whether the sources were placed as MNIST's digits are. */
  #placed: boolean | undefined
  /** Of the run whose pictures are shown. */
  #inputs: Inputs | undefined
  #asked = ''

  constructor() {
    super()
    this.which = 0
    new Follow(this, () => this.#sources)
  }

  protected override follow(): void {
    const { place } = this.store.state
    if (place !== this.#placed) this.#sources.replace()
    if (this.#recipe() + this.#way !== this.#asked) void this.run()
  }

  /** What a recipe does not say of an edit. */
  get #way(): string {
    const { task, way, place } = this.store.state
    return `${task} ${way} ${place}`
  }

  /** Between two x_T there is no noise, guidance or clipping, with which encoding would not be exact. */
  get #exact(): boolean {
    const { task, way } = this.store.state
    return task === 'blend' && way === 'circle'
  }

  #recipe(images: number = count[this.store.state.task]): string {
    const { model, task, editT, editClass, editSteps, editWalks, seed, guidance } = this.store.state
    const common = `model=${model}&seed=${seed}&count=${images}`
    if (this.#exact)
      return `${common}&sampler=ddim&eta=0&steps=${editSteps}&spacing=uniform&classes=none&guidance=1&clip=0`
    const drawn = `${common}&classes=${editClass}&guidance=${guidance}&clip=1`
    if (task === 'fill') {
      const jump = Math.max(1, Math.min(10, Math.floor(editSteps / 4)))
      return `${drawn}&sampler=ddpm&variance=beta_tilde&steps=${editSteps}&resample=${editWalks}&jump=${jump}`
    }
    return `${drawn}&sampler=ddim&eta=0&steps=${Math.min(editSteps, editT)}&start=${editT}`
  }

  protected override async run(hash = this.store.state.model): Promise<void> {
    this.scrubbed = undefined
    await this.runner.start({
      model: hash,
      choose: (model) => {
        const { editT, editSteps, editClass } = this.store.state
        const known = editClass === 'none' || Number(editClass) < model.classes.length
        this.fit(model, {
          editT: Math.min(editT, model.timesteps),
          editSteps: Math.min(editSteps, model.timesteps),
          ...(known ? {} : { editClass: 'none' }),
        })
        this.#asked = this.#recipe() + this.#way
        return this.#recipe()
      },
      prepare: (engine, recipe, signal) => this.#prepare(engine, recipe, signal),
    })
    this.encoding = undefined
  }

  /** Gives the pictures that a run begins from, as they are or as x_T. */
  async #prepare(engine: LoadedEngine, _recipe: Recipe, signal: AbortSignal): Promise<RunOptions> {
    const { task, place } = this.store.state
    const { schedule, timesteps, imageSize } = engine.model
    this.#tables = await engine.schedule(schedule, timesteps)
    this.#placed = place
    const both = await this.#sources.of(engine, place && isDigits(engine.model), signal)
    const [a, b] = [both[0].values, both[1].values] as const
    if (task === 'fill' && this.#known.length !== imageSize ** 2) this.#known = maskOf(imageSize, 'bottom')
    this.#inputs = { kind: this.#exact ? 'circle' : task, sources: both, known: this.#known }
    if (task === 'fill') {
      return { edit: { kind: 'fill', pictures: [a], known: this.#known } }
    }
    if (task === 'vary') return { edit: { kind: 'vary', pictures: [a] } }
    if (!this.#exact) return { edit: { kind: 'blend', pictures: [a, b] } }
    this.encoding = 0
    const [from = a, to = b] = await engine.encode(this.#recipe(2), [a, b], {
      signal,
      refine,
      onProgress: ({ share }) => (this.encoding = share),
    })
    this.encoding = undefined
    return { edit: { kind: 'circle', pictures: [from, to] } satisfies Edit }
  }

  #choose(patch: Partial<State>): void {
    this.store.set(patch, 'push')
    if (patch.task === 'vary' || patch.task === 'fill') this.which = 0
    if (patch.place !== undefined) this.#sources.replace()
    void this.run()
  }

  #give(picture: RGBAPicture, drawn: boolean): void {
    this.fault = undefined
    this.#sources.give(this.which, picture, drawn)
    void this.run()
  }

  async #open(file: File | undefined): Promise<void> {
    if (!file) return
    try {
      this.#give(await decode(file), false)
    } catch (thrown) {
      this.fault = thrown instanceof PictureFault ? thrown : new PictureFault('broken')
    }
  }

  protected override render() {
    const { runner } = this
    const { state } = this.store
    const { model } = this.engines
    const { busy, film } = runner
    const frame = this.frameOf(runner)
    const share = runner.state.name === 'running' ? runner.state.share : frame ? (film.last?.index ?? 0) / frame.of : 0
    return html`
      <ddpm-notice .notice=${this.#notice()}></ddpm-notice>
      <header>
        <h1>${text.edit.heading}</h1>
        <p class="lead">${text.edit.lead}</p>
      </header>
      <div class="room">
        <ddpm-edit-task
          class="controls"
          .state=${state}
          @choose=${(event: CustomEvent<Partial<State>>) => this.#choose(event.detail)}
        ></ddpm-edit-task>
        <section class="stage" aria-label=${text.edit.pictures} aria-busy=${busy ? 'true' : 'false'}>
          ${this.#start()}
          <div class="acts">
            ${act({ busy, start: text.edit.again, begin: () => void this.run(), end: () => runner.cancel() })}
            <p class="progress number">
              ${
                this.encoding === undefined
                  ? progressWords(runner, model !== undefined)
                  : text.edit.encoding(percent(this.encoding))
              }
            </p>
            <p class="t number">${frame ? html`<i>t</i> = ${frame.t} → ${film.leaves(frame) ?? '…'}` : nothing}</p>
            <p class="unseen" role="status">${milestoneWords(runner, model !== undefined)}</p>
          </div>
          <ddpm-scrub
            .index=${frame?.index ?? 0}
            .of=${frame?.of ?? state.editSteps}
            .t=${frame?.t ?? 0}
            .share=${share}
            .latest=${film.last?.index ?? 0}
            @scrub=${(event: CustomEvent<number>) => (this.scrubbed = event.detail)}
          ></ddpm-scrub>
          <ddpm-tiles
            class="x"
            .pictures=${frame?.x}
            .side=${model?.imageSize ?? 28}
            .labels=${this.#labels()}
            .when=${frame && whenWords(frame)}
          ></ddpm-tiles>
          <p class="quiet">${prose(text.edit.notes[state.task])}</p>
          <div class="after">
            <ddpm-save
              .name=${`ddpm-${state.task}-${state.seed}`}
              .picture=${() => frame && sheet(frame.x)}
              .movie=${() => movieOf(film)}
              .numbers=${() => this.#tables && numbersOf(film, this.#tables)}
              ?disabled=${!frame}
            ></ddpm-save>
          </div>
          <ddpm-about .model=${model} .command=${editCommand(runner, this.#inputs)}>
            ${this.#inputs ? inputButtons(this.#inputs) : nothing}
          </ddpm-about>
        </section>
        <ddpm-edit-controls
          class="controls"
          .state=${state}
          .engines=${this.engines}
          .signal=${this.#tables?.signal[Math.min(state.editT, this.#tables.T)]}
          @choose=${(event: CustomEvent<Partial<State>>) => this.#choose(event.detail)}
          @slide=${(event: CustomEvent<Partial<State>>) => this.store.set(event.detail, 'replace')}
          @rest=${() => void this.run()}
          @model=${(event: CustomEvent<string>) => {
            this.store.set({ model: '', classes: '', editClass: 'none' }, 'push')
            void this.run(event.detail)
          }}
        ></ddpm-edit-controls>
      </div>
    `
  }

  /** What edits begin from, and the ways to change it. */
  #start() {
    const { state } = this.store
    return html`
      <ddpm-edit-picture
        .sources=${this.#sources.both}
        .two=${state.task === 'blend'}
        .masked=${state.task === 'fill'}
        .known=${this.#known}
        .which=${this.which}
        .model=${this.engines.model}
        .place=${state.place}
        .fault=${this.fault}
        @which=${(event: CustomEvent<0 | 1>) => (this.which = event.detail)}
        @drawn=${(event: CustomEvent<RGBAPicture>) => this.#give(event.detail, true)}
        @file=${(event: CustomEvent<File>) => void this.#open(event.detail)}
        @place=${(event: CustomEvent<boolean>) => this.#choose({ place: event.detail })}
        @mask=${(event: CustomEvent<Uint8Array<ArrayBuffer>>) => {
          this.#known = event.detail
          void this.run()
        }}
      ></ddpm-edit-picture>
    `
  }

  #labels(): string[] {
    const { task } = this.store.state
    const n = count[task]
    return Array.from({ length: n }, (_, i) =>
      task === 'blend' ? text.edit.between(percent(i / (n - 1))) : text.edit.tile[task](whole(i + 1)),
    )
  }

  #notice(): Notice | undefined {
    const state = this.runner.state
    if (state?.name !== 'failed') return undefined
    return errorNotice(state.error, { retry: () => void this.run() })
  }
}

customElements.define('ddpm-edit', DdpmEdit)
