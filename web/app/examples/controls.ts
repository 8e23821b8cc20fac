import { css, html, LitElement } from 'lit'
import { text } from '../messages/index.ts'
import { percent, whole } from '../parts/format.ts'
import { prose } from '../parts/prose.ts'
import { base } from '../style/base.ts'
import { controls } from '../style/controls.ts'
import type { Explainer } from './explainer.ts'

/** The slider over t = 2…T, with what is left of the picture in words. Fires `move`. */
export class DdpmStep extends LitElement {
  static override properties = { t: { type: Number }, end: { type: Number }, signal: { type: Number } }
  static override styles = [
    base,
    controls,
    css`
      div {
        display: flex;
        align-items: center;
        gap: 0 1rem;
      }

      input {
        flex: 1;
      }

      output {
        flex: none;
        min-width: 4.5rem;
        font: 400 1.25rem/1 var(--serif);
        font-variant-numeric: tabular-nums;
      }
    `,
  ]

  declare t: number
  /** T. */
  declare end: number
  /** √ᾱ_t. */
  declare signal: number

  constructor() {
    super()
    this.t = 2
    this.end = 1000
    this.signal = 1
  }

  protected override render() {
    return html`
      <div>
        <input
          type="range"
          min="2"
          max=${this.end}
          .value=${String(this.t)}
          aria-label=${text.examples.step}
          aria-valuetext=${text.examples.stepText(whole(this.t), whole(this.end), percent(this.signal))}
          @input=${(event: Event) => {
            const t = Number((event.target as HTMLInputElement).value)
            this.dispatchEvent(new CustomEvent('move', { detail: t }))
          }}
        />
        <output aria-hidden="true"><i>t</i> = ${this.t}</output>
      </div>
    `
  }
}

customElements.define('ddpm-step', DdpmStep)

/** σ² = β or β̃. */
export function sigmaChoice(value: 'beta' | 'beta_tilde', choose: (value: 'beta' | 'beta_tilde') => void) {
  return html`
    <fieldset>
      <legend class="label">${prose(text.examples.sigma)}</legend>
      <div class="segments">
        ${(['beta_tilde', 'beta'] as const).map(
          (name) =>
            html`<label
              ><input type="radio" name="sigma" .checked=${name === value} @change=${() => choose(name)} /><span
                >${text.examples.sigmas[name]}</span
              ></label
            >`,
        )}
      </div>
    </fieldset>
  `
}

/** Whether the network is told the class of the picture. */
export function toldChoice(value: boolean, choose: (value: boolean) => void) {
  return html`
    <label class="check">
      <input
        type="checkbox"
        .checked=${value}
        @change=${(event: Event) => choose((event.target as HTMLInputElement).checked)}
      />
      <span>${text.examples.told}</span>
    </label>
  `
}

/** The slider at a step of the model's own chain. */
export function stepSlider(explainer: Explainer, step: number, move: (event: CustomEvent<number>) => void) {
  const { chain, end } = explainer
  return html`
    <ddpm-step .t=${Math.min(step, end)} .end=${end} .signal=${chain?.signal[step] ?? 1} @move=${move}></ddpm-step>
  `
}
