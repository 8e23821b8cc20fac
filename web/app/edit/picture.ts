import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import type { ModelInfo } from '../../shared/engine.ts'
import '../draw/ddpm-draw.ts'
import type { PictureFault } from '../forward/decode.ts'
import { isDigits } from '../generate/fit.ts'
import { text } from '../messages/index.ts'
import { whole } from '../parts/format.ts'
import { base } from '../style/base.ts'
import { controls } from '../style/controls.ts'
import './mask.ts'
import type { Source } from './sources.ts'

/**
 * The pictures that an edit begins from, as the network gets them, and the ways to give others: drawn, or from a
 * file. Fires `which`, `drawn`, `file`, `place` and `mask`.
 */
export class DdpmEditPicture extends LitElement {
  static override properties = {
    sources: { attribute: false },
    two: { type: Boolean },
    masked: { type: Boolean },
    known: { attribute: false },
    which: { type: Number },
    model: { attribute: false },
    place: { type: Boolean },
    fault: { attribute: false },
  }

  static override styles = [
    base,
    controls,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 1rem 2rem;
      }

      .row > * {
        flex: 0 1 17rem;
        min-width: 0;
      }

      h2 {
        margin-bottom: 0.5rem;
        font: 500 0.8125rem/1.5 var(--sans);
        letter-spacing: 0;
      }

      figure {
        display: inline-block;
        width: 7rem;
        margin: 0 0.75rem 0.5rem -4px;
        padding: 3px;
        border: 1px solid transparent;
        border-radius: var(--radius);
      }

      figure.chosen {
        border-color: var(--edge);
      }

      figure canvas {
        display: block;
        width: 100%;
        aspect-ratio: 1;
        border-radius: 2px;
        background: var(--fill);
        image-rendering: pixelated;
      }

      figcaption {
        padding-top: 0.25rem;
        color: var(--soft);
        font-size: 0.8125rem;
      }

      .segments {
        max-width: 15rem;
        margin-bottom: 0.75rem;
      }

      .file {
        margin-top: 0.75rem;
      }

      summary {
        width: fit-content;
        padding-bottom: calc(var(--control) - 1lh);
        font-size: 0.875rem;
        text-decoration: underline;
        text-decoration-thickness: 1px;
        text-underline-offset: 0.2em;
        cursor: pointer;
      }

      ddpm-mask + .quiet,
      p.quiet + p.quiet {
        margin-top: 0.5rem;
      }

      .fault {
        color: var(--fault);
        font-size: 0.875rem;
      }
    `,
  ]

  declare sources: readonly [Source, Source] | undefined
  declare two: boolean
  declare masked: boolean
  declare known: Uint8Array
  declare which: 0 | 1
  declare model: ModelInfo | undefined
  declare place: boolean
  declare fault: PictureFault | undefined

  constructor() {
    super()
    this.two = this.masked = this.place = false
    this.which = 0
    this.known = new Uint8Array()
  }

  protected override render() {
    const words = text.edit
    const { model, sources } = this
    return html`
      <div class="row">
        <div>
          <h2>${this.masked ? words.maskHeading : words.start}</h2>
          ${
            this.masked
              ? html`<ddpm-mask
                  .picture=${sources?.[0].shown}
                  .known=${this.known}
                  @mask=${(event: CustomEvent<Uint8Array>) => this.#fire('mask', event.detail)}
                ></ddpm-mask>`
              : (this.two ? ([0, 1] as const) : ([0] as const)).map(
                  (i) => html`
                    <figure class=${this.two && this.which === i ? 'chosen' : ''}>
                      <canvas
                        class="source"
                        role="img"
                        aria-label=${`${this.two ? words.source[i] : words.start}: ${sources?.[i].own ? text.examples.yours : words.made}`}
                      ></canvas>
                      ${this.two ? html`<figcaption>${words.source[i]}</figcaption>` : nothing}
                    </figure>
                  `,
                )
          }
          ${sources?.[this.which].own ? nothing : html`<p class="quiet">${words.made}</p>`}
        </div>
        <details>
          <summary>${words.own}</summary>
          ${
            this.two
              ? html`<div class="segments">
                  ${([0, 1] as const).map(
                    (i) => html`
                      <label>
                        <input
                          type="radio"
                          name="which"
                          .checked=${this.which === i}
                          @change=${() => this.#fire('which', i)}
                        />
                        <span>${words.source[i]}</span>
                      </label>
                    `,
                  )}
                </div>`
              : nothing
          }
          <ddpm-draw
            fine
            .side=${model?.imageSize ?? 28}
            .channels=${model?.channels ?? 1}
            @drawn=${(event: CustomEvent) => this.#fire('drawn', event.detail)}
          ></ddpm-draw>
          <div class="file">
            <label class="label" for="file">${text.examples.file}</label>
            <input
              id="file"
              type="file"
              accept="image/*"
              @change=${(event: Event) => {
                const input = event.target as HTMLInputElement
                this.#fire('file', input.files?.[0])
                input.value = ''
              }}
            />
            ${
              this.fault
                ? html`<p class="fault" role="alert">
                    ${text.picture.faults[this.fault.kind](text.picture.unnamed, this.fault.type)}
                  </p>`
                : nothing
            }
          </div>
          ${
            isDigits(model)
              ? html`<label class="check">
                    <input
                      type="checkbox"
                      .checked=${this.place}
                      @change=${(event: Event) => this.#fire('place', (event.target as HTMLInputElement).checked)}
                    />
                    <span>${words.place}</span>
                  </label>
                  <p class="quiet">${words.placeNote}</p>`
              : html`<p class="quiet">${words.fitNote(whole(model?.imageSize ?? 0))}</p>`
          }
          <p class="quiet">${words.stays}</p>
        </details>
      </div>
    `
  }

  protected override updated(_changed: PropertyValues<this>) {
    for (const [i, canvas] of this.renderRoot.querySelectorAll<HTMLCanvasElement>('canvas.source').entries()) {
      const shown = this.sources?.[i as 0 | 1].shown
      if (!shown) continue
      canvas.width = shown.width
      canvas.height = shown.height
      canvas.getContext('2d')?.putImageData(new ImageData(shown.data, shown.width, shown.height), 0, 0)
    }
  }

  #fire(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}

customElements.define('ddpm-edit-picture', DdpmEditPicture)
