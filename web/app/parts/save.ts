import { LitElement, css, html, nothing } from 'lit'
import type { RGBAPicture } from '../../shared/engine.ts'
import { text } from '../messages/index.ts'
import { base } from '../style/base.ts'
import { controls } from '../style/controls.ts'
import { csv, type Numbers } from './csv.ts'
import { saveFile } from './file.ts'
import { percent } from './format.ts'
import { canWebM, type Movie, type MovieKind, record } from './movie/movie.ts'
import { png } from './png.ts'
import { painted } from './turns.ts'

type Kind = 'png' | MovieKind | 'csv'

/**
 * What of a room can be taken along: a picture, a film, numbers. A room gives a
 * function for each that it has; it is called when the visitor asks for the file.
 */
export class DdpmSave extends LitElement {
  static override properties = {
    name: { type: String },
    picture: { attribute: false },
    movie: { attribute: false },
    numbers: { attribute: false },
    disabled: { type: Boolean },
    webm: { state: true },
    busy: { state: true },
    failed: { state: true },
  }

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: var(--save, flex);
        flex-wrap: wrap;
        align-items: center;
        gap: 0.375rem 0.5rem;
        min-height: var(--control);
        font-size: 0.875rem;
      }

      .name {
        margin-inline-end: 0.25rem;
        color: var(--soft);
      }

      button {
        min-height: var(--control-small);
        padding: 0 0.75rem;
        font-size: 0.8125rem;
      }

      .wrong {
        width: 100%;
        color: var(--fault);
        font-size: 0.8125rem;
      }
    `,
  ]

  /** Of the file, without its ending. */
  declare name: string
  declare picture: (() => RGBAPicture | undefined) | undefined
  declare movie: (() => Movie | undefined) | undefined
  declare numbers: (() => Numbers | undefined) | undefined
  declare disabled: boolean
  declare webm: boolean
  /** What is being written, and how much of it is. */
  declare busy: { readonly kind: Kind; readonly share: number } | undefined
  /** What could not be written, in the encoder's words. */
  declare failed: { readonly kind: Kind; readonly why: string } | undefined

  #abort: AbortController | undefined

  constructor() {
    super()
    this.name = 'ddpm'
    this.disabled = false
    this.webm = false
  }

  protected override firstUpdated() {
    // To ask takes longer than to render the room.
    if (this.movie) {
      void painted()
        .then(canWebM)
        .then((able) => (this.webm = able))
    }
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    this.#abort?.abort()
  }

  protected override render() {
    const kinds: Kind[] = [
      ...(this.picture ? (['png'] as const) : []),
      ...(this.movie ? (['gif'] as const) : []),
      ...(this.numbers ? (['csv'] as const) : []),
      // The last one, since it is known late.
      ...(this.webm ? (['webm'] as const) : []),
    ]
    return html`
      <span class="name" aria-hidden="true">${text.save.label}</span>
      ${kinds.map(
        (kind) =>
          html`<button
            aria-label=${text.save.as(text.save.kinds[kind])}
            ?disabled=${this.disabled || this.busy !== undefined}
            @click=${() => void this.#save(kind)}
          >
            ${text.save.kinds[kind]}
          </button>`,
      )}
      ${
        this.busy
          ? html`<span class="number"
                >${text.save.writing(text.save.kinds[this.busy.kind], percent(this.busy.share))}</span
              >
              <button class="plain" @click=${() => this.#abort?.abort()}>${text.save.cancel}</button>`
          : nothing
      }
      ${
        this.failed
          ? html`<p class="wrong" role="alert">
              ${text.save.failed(text.save.kinds[this.failed.kind], this.failed.why)}
            </p>`
          : nothing
      }
    `
  }

  async #save(kind: Kind): Promise<void> {
    this.failed = undefined
    const abort = new AbortController()
    this.#abort = abort
    try {
      const file = await this.#make(kind, abort.signal)
      if (file) saveFile(file, `${this.name}.${kind}`)
    } catch (thrown) {
      if (!abort.signal.aborted) this.failed = { kind, why: thrown instanceof Error ? thrown.message : String(thrown) }
    } finally {
      this.busy = undefined
    }
  }

  async #make(kind: Kind, signal: AbortSignal): Promise<Blob | undefined> {
    if (kind === 'csv') {
      const numbers = this.numbers?.()
      return numbers && csv(numbers)
    }
    if (kind === 'png') {
      const picture = this.picture?.()
      return picture && png(picture)
    }
    const movie = this.movie?.()
    if (!movie) return undefined
    this.busy = { kind, share: 0 }
    return record(movie, kind, { signal, onProgress: (share) => (this.busy = { kind, share }) })
  }
}

customElements.define('ddpm-save', DdpmSave)
