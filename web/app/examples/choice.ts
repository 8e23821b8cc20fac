import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import type { RGBAPicture } from '../../shared/engine.ts'
import '../draw/ddpm-draw.ts'
import { decode, PictureFault } from '../forward/decode.ts'
import { text } from '../messages/index.ts'
import { className } from '../parts/class-name.ts'
import { percent, whole } from '../parts/format.ts'
import { prose, spoken } from '../parts/prose.ts'
import { base } from '../style/base.ts'
import { controls } from '../style/controls.ts'
import type { Examples } from './examples.ts'

/**
 * The examples, of which one is chosen; beneath each, if it is known, how probable it is that x_t came from it.
 * The visitor may add a picture, drawn or from a file. Fires `choose` with an index.
 */
export class DdpmExamples extends LitElement {
  static override properties = {
    shared: { type: Boolean },
    examples: { attribute: false },
    index: { type: Number },
    shares: { attribute: false },
    fault: { state: true },
  }

  static override styles = [
    base,
    controls,
    css`
      .row {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(3.25rem, 1fr));
        gap: 0.375rem;
        /* The pictures stand where everything does, their frames beside it. */
        margin-inline: -4px;
      }

      .row label {
        position: relative;
        display: block;
        padding: 3px;
        border: 1px solid transparent;
        border-radius: var(--radius);
        text-align: center;
        cursor: pointer;
      }

      input[type='radio'] {
        position: absolute;
        inset: 0;
        margin: 0;
        opacity: 0;
        cursor: pointer;
      }

      label:has(:checked) {
        border-color: var(--ink);
      }

      label:has(:focus-visible) {
        outline: 2px solid var(--focus);
        outline-offset: 1px;
      }

      canvas {
        display: block;
        width: 100%;
        aspect-ratio: 1;
        border-radius: 3px;
        background: var(--fill);
        image-rendering: pixelated;
      }

      .blank {
        visibility: hidden;
      }

      .share {
        display: block;
        height: 4px;
        margin-top: 4px;
        border-radius: 2px;
        background: var(--line);
        overflow: hidden;
      }

      .share span {
        display: block;
        height: 100%;
        background: var(--cosine);
      }

      .percent {
        display: block;
        color: var(--soft);
        font-size: 0.6875rem;
        line-height: 1.6;
      }

      details {
        margin-top: 0.75rem;
      }

      .drawing {
        position: absolute;
        margin-top: 0.75rem;
      }

      summary {
        width: fit-content;
        padding: calc((var(--control-small) - 1lh) / 2) 0;
        font-size: 0.875rem;
        cursor: pointer;
        text-decoration: underline;
        text-decoration-thickness: 1px;
        text-underline-offset: 0.2em;
      }

      .own .quiet {
        margin-top: 0.5rem;
      }

      .own {
        display: flex;
        flex-wrap: wrap;
        gap: 1rem 2rem;
        padding-top: 0.5rem;
      }

      .own > * {
        flex: 0 1 16rem;
      }

      .fault {
        color: var(--fault);
        font-size: 0.875rem;
      }
    `,
  ]

  /** Whether there will be shares: their place is kept. */
  declare shared: boolean
  declare examples: Examples
  declare index: number
  declare shares: readonly number[] | undefined
  /** Why the file could not be used. */
  declare fault: PictureFault | undefined

  protected override render() {
    const { pictures, made, model, error } = this.examples
    return html`
      <fieldset>
        <legend class="label">${prose(text.examples.heading)}</legend>
        <div class="row">
          ${
            // Their place is kept, so that nothing moves when they come.
            made === 0
              ? Array.from(
                  { length: 10 },
                  () => html`<label aria-hidden="true"><canvas></canvas>${this.#noShare()}</label>`,
                )
              : nothing
          }
          ${pictures.map((_, i) => {
            const share = this.shares?.[i]
            return html`<label title=${this.#name(i)}>
              <input
                type="radio"
                name="example"
                aria-label=${share === undefined ? this.#name(i) : spoken(text.examples.share(this.#name(i), percent(share)))}
                .checked=${i === this.index}
                @change=${() => this.#choose(i)}
              />
              <canvas aria-hidden="true"></canvas>
              ${
                share === undefined
                  ? this.#noShare()
                  : html`<span class="share" aria-hidden="true"
                        ><span style="width:${(100 * share).toFixed(1)}%"></span></span
                      ><span class="percent number" aria-hidden="true">${percent(share)}</span>`
              }
            </label>`
          })}
        </div>
      </fieldset>
      ${made === 0 && !error ? html`<p class="drawing quiet" role="status">${text.examples.drawing}</p>` : nothing}
      <details class=${made === 0 ? 'blank' : ''}>
        <summary>${text.examples.own}</summary>
        <div class="own">
          <ddpm-draw
            .side=${model?.imageSize ?? 28}
            .channels=${model?.channels ?? 1}
            @drawn=${(event: CustomEvent<RGBAPicture>) => this.#take(event.detail)}
          ></ddpm-draw>
          <div>
            <label class="label" for="file">${text.examples.file}</label>
            <input id="file" type="file" accept="image/*" @change=${this.#file} />
            <p class="quiet">${text.examples.fileNote(whole(model?.imageSize ?? 28))}</p>
            ${this.fault ? html`<p class="fault" role="alert">${faultText(this.fault)}</p>` : nothing}
          </div>
        </div>
      </details>
    `
  }

  protected override updated(_changed: PropertyValues<this>) {
    for (const [i, canvas] of this.renderRoot.querySelectorAll<HTMLCanvasElement>('.row canvas').entries()) {
      const picture = this.examples.pictures[i]
      if (!picture) continue
      if (canvas.width !== picture.width) canvas.width = canvas.height = picture.width
      canvas.getContext('2d')?.putImageData(new ImageData(picture.data, picture.width, picture.height), 0, 0)
    }
  }

  /** Keeps the place of a share. */
  #noShare() {
    return this.shared
      ? html`<span class="share blank" aria-hidden="true"></span
          ><span class="percent blank" aria-hidden="true">0</span>`
      : nothing
  }

  #name(i: number): string {
    if (i >= this.examples.made) return text.examples.yours
    const label = this.examples.model?.classes[i]
    return label === undefined ? text.examples.number(whole(i + 1)) : className(label)
  }

  #choose(index: number): void {
    this.dispatchEvent(new CustomEvent('choose', { detail: index }))
  }

  #take(picture: RGBAPicture): void {
    this.examples.setOwn(picture)
    this.#choose(this.examples.made)
  }

  async #file(event: Event): Promise<void> {
    const [file] = (event.target as HTMLInputElement).files ?? []
    if (!file) return
    this.fault = undefined
    try {
      this.#take(square(await decode(file), this.examples.model?.imageSize ?? 28))
    } catch (thrown) {
      this.fault = thrown instanceof PictureFault ? thrown : new PictureFault('broken')
    }
  }
}

function faultText(fault: PictureFault): string {
  return text.picture.faults[fault.kind](text.picture.unnamed, fault.type)
}

/** The middle square of a picture at a model's size. */
function square(picture: RGBAPicture, side: number): RGBAPicture {
  const whole = document.createElement('canvas')
  whole.width = picture.width
  whole.height = picture.height
  whole.getContext('2d')?.putImageData(new ImageData(picture.data, picture.width, picture.height), 0, 0)
  const small = document.createElement('canvas')
  small.width = small.height = side
  const context = small.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D
  const least = Math.min(picture.width, picture.height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(whole, (picture.width - least) / 2, (picture.height - least) / 2, least, least, 0, 0, side, side)
  const { data } = context.getImageData(0, 0, side, side)
  return { width: side, height: side, data: new Uint8ClampedArray(data) }
}

customElements.define('ddpm-examples', DdpmExamples)
