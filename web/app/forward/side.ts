import { LitElement, css, html, type PropertyValues } from 'lit'
import type { RGBAPicture } from '../../shared/engine.ts'
import '../math/formula.ts'
import jump from '../math/jump.tex'
import gaussian from '../math/noise.tex'
import { text } from '../messages/index.ts'
import { base } from '../style/base.ts'
import { controls } from '../style/controls.ts'
import type { Picture, State } from '../state/table.ts'
import { own, samples } from './props.ts'
import { sample } from './samples.ts'

/** The visitor's own picture, scaled and upright. */
export interface OwnPicture {
  readonly picture: RGBAPicture
  readonly name: string
}

/** Beside the pictures: the formula, and what to noise with what. Fires `choose` with a patch of the state, and `file`. */
export class DdpmSide extends LitElement {
  static override properties = {
    show: { type: String },
    noise: { type: String },
    picture: { type: String },
    own: { attribute: false },
  }

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        gap: calc(var(--step) * 1.25);
      }

      .math {
        display: grid;
        gap: 0.5rem;
      }

      .math ddpm-formula {
        --formula-size: 1.125rem;
      }

      .pick {
        display: grid;
        grid-template-columns: repeat(4, minmax(0, 4rem));
        gap: 0.5rem;
        margin-bottom: 0.75rem;
      }

      .pick label {
        position: relative;
        cursor: pointer;
      }

      .pick input {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        margin: 0;
        opacity: 0;
        cursor: pointer;
      }

      .pick canvas {
        display: block;
        width: 100%;
        aspect-ratio: 1;
        object-fit: cover;
        border-radius: 3px;
        background: var(--fill);
      }

      .pick input:checked + canvas {
        outline: 2px solid var(--ink);
        outline-offset: 2px;
      }

      .pick input:focus-visible + canvas {
        outline: 3px solid var(--focus);
        outline-offset: 2px;
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 0.75rem;
      }

      .file {
        width: 100%;
      }

      .file + p,
      .redraw + p {
        margin-top: 0.5rem;
      }

      @media (min-width: 40rem) and (max-width: 61.99rem) {
        :host {
          grid-template-columns: 1fr 1fr;
        }
      }
    `,
  ]

  declare show: State['show']
  declare noise: string
  declare picture: Picture
  declare own: OwnPicture | undefined

  protected override render() {
    const schedules = [
      ['both', text.forward.both],
      ['linear', text.forward.linear],
      ['cosine', text.forward.cosine],
      ['bent', text.forward.bent],
    ] as const
    return html`
      <div class="math">
        <p class="label">${text.forward.formula}</p>
        <ddpm-formula .math=${jump}></ddpm-formula>
        <ddpm-formula .math=${gaussian}></ddpm-formula>
        <p class="quiet">${text.forward.formulaNote}</p>
      </div>
      <fieldset>
        <legend class="label">${text.forward.picture}</legend>
        <div class="pick">${[...samples, ...(this.own ? [own] : [])].map((name) => this.#pick(name as Picture))}</div>
        <button class="file" @click=${this.#browse}>${text.forward.choose}</button>
        <p class="quiet">${text.forward.chooseNote}</p>
        <input
          class="files"
          type="file"
          accept="image/*"
          tabindex="-1"
          aria-hidden="true"
          hidden
          @change=${this.#file}
        />
      </fieldset>
      <fieldset>
        <legend class="label">${text.forward.show}</legend>
        <div class="segments">
          ${schedules.map(
            ([value, label]) => html`
              <label>
                <input
                  type="radio"
                  name="show"
                  value=${value}
                  .checked=${this.show === value}
                  @change=${() => this.#choose({ show: value })}
                />
                <span>${label}</span>
              </label>
            `,
          )}
        </div>
      </fieldset>
      <div>
        <span class="label">${text.forward.noise}</span>
        <button class="redraw" @click=${this.#redraw}>${text.forward.redraw}</button>
        <p class="quiet">${text.forward.noiseNote(this.noise)}</p>
      </div>
    `
  }

  #pick(name: Picture) {
    const label = name === own ? text.forward.own : text.forward.samples[name]
    return html`
      <label title=${label}>
        <input
          type="radio"
          name="picture"
          value=${name}
          aria-label=${label}
          .checked=${this.picture === name}
          @change=${() => this.#choose({ picture: name })}
        />
        <canvas data-name=${name} width="96" height="96" aria-hidden="true"></canvas>
      </label>
    `
  }

  protected override firstUpdated() {
    // Of a painter that does not come the room tells, which needs it more.
    for (const name of samples) {
      void sample(name, 96).then(
        (picture) => this.#thumbnail(name, picture),
        () => undefined,
      )
    }
  }

  protected override updated(changed: PropertyValues<this>) {
    if (changed.has('own') && this.own) this.#thumbnail(own, this.own.picture)
  }

  #thumbnail(name: Picture, { width, height, data }: RGBAPicture): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(`canvas[data-name=${name}]`)
    if (!canvas) return
    canvas.width = width
    canvas.height = height
    canvas.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0)
  }

  #choose(patch: Partial<State>): void {
    this.dispatchEvent(new CustomEvent('choose', { detail: patch }))
  }

  #redraw(): void {
    const [drawn] = crypto.getRandomValues(new Uint32Array(1))
    this.#choose({ noise: String(drawn) })
  }

  #browse(): void {
    this.renderRoot.querySelector<HTMLInputElement>('.files')?.click()
  }

  #file(event: Event): void {
    const input = event.target as HTMLInputElement
    const file = input.files?.[0]
    // Cleared, so that choosing the same file again is a change again.
    if (file) this.dispatchEvent(new CustomEvent('file', { detail: file }))
    input.value = ''
  }
}

customElements.define('ddpm-side', DdpmSide)
