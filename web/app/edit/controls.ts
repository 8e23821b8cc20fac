import { css, html, LitElement, nothing } from 'lit'
import { text } from '../messages/index.ts'
import { chooseModel } from '../parts/choose.ts'
import { className } from '../parts/class-name.ts'
import { percent, whole } from '../parts/format.ts'
import type { Engines } from '../state/engines.ts'
import type { State } from '../state/table.ts'
import { base } from '../style/base.ts'
import { controls } from '../style/controls.ts'

const stepChoices = [10, 25, 50, 100]

/** How an edit is done. Fires `choose` with a patch, `slide` with one that is followed by `rest`, and `model`. */
export class DdpmEditControls extends LitElement {
  static override properties = {
    state: { attribute: false },
    engines: { attribute: false },
    signal: { attribute: false },
  }

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        gap: 1.25rem;
      }

      /* Beneath the pictures of a tablet. */
      @container (min-width: 38rem) and (max-width: 56.99rem) {
        :host {
          grid-template-columns: 1fr 1fr;
          column-gap: 2rem;
          align-items: start;
        }
      }

      .quiet {
        margin-top: 0.375rem;
      }

      /* It is a line or two, by the numbers in it. */
      .quiet.number {
        min-height: 3em;
      }
    `,
  ]

  declare state: Readonly<State>
  declare engines: Engines
  /** √ᾱ_t at the t that pictures are noised to. */
  declare signal: number | undefined

  protected override render() {
    const { state } = this
    const { model } = this.engines
    const words = text.edit
    const noised = state.task === 'vary' || (state.task === 'blend' && state.way === 'line')
    const exact = state.task === 'blend' && state.way === 'circle'
    return html`
      ${noised ? this.#t() : nothing} ${chooseModel(this.engines, state.model, (hash) => this.#fire('model', hash))}
      ${
        // Its place is kept until the network says its classes.
        (!model || model.classes.length > 0) && !exact
          ? html`<div>
              <label class="label" for="class">${words.class}</label>
              <select
                id="class"
                class="field"
                ?disabled=${!model}
                @change=${(event: Event) => this.#fire('choose', { editClass: (event.target as HTMLSelectElement).value })}
              >
                <option value="none" ?selected=${state.editClass === 'none'}>${words.classNone}</option>
                ${model?.classes.map(
                  (label, i) =>
                    html`<option value=${i} ?selected=${state.editClass === String(i)}>${className(label)}</option>`,
                )}
              </select>
            </div>`
          : nothing
      }
      ${this.#numbers('editSteps', text.generate.steps, stepChoices)}
      ${state.task === 'fill' ? this.#numbers('editWalks', words.walks, [1, 4, 10]) : nothing}
      ${state.task === 'fill' ? html`<p class="quiet">${words.walksNote}</p>` : nothing}
      <button @click=${this.#newSeed}>${words.newNoise}</button>
    `
  }

  #t() {
    const { state, signal } = this
    const T = this.engines.model?.timesteps ?? 1000
    const said = text.edit.tText(whole(state.editT), whole(T), percent(signal ?? 1))
    return html`
      <div>
        <label class="label" for="t">${text.edit.t}</label>
        <input
          id="t"
          type="range"
          min="1"
          max=${T}
          .value=${String(state.editT)}
          aria-valuetext=${said}
          @input=${(event: Event) => this.#fire('slide', { editT: Number((event.target as HTMLInputElement).value) })}
          @change=${() => this.#fire('rest', undefined)}
        />
        <p class="quiet number">${said}</p>
      </div>
    `
  }

  #numbers(key: 'editSteps' | 'editWalks', label: string, choices: readonly number[]) {
    const chosen = this.state[key]
    const all = [...new Set([...choices, chosen])].sort((a, b) => a - b)
    return html`
      <fieldset>
        <legend class="label">${label}</legend>
        <div class="segments">
          ${all.map(
            (n) => html`
              <label>
                <input
                  type="radio"
                  name=${key}
                  value=${n}
                  .checked=${n === chosen}
                  @change=${() => this.#fire('choose', { [key]: n })}
                />
                <span>${whole(n)}</span>
              </label>
            `,
          )}
        </div>
      </fieldset>
    `
  }

  #newSeed(): void {
    const [drawn] = crypto.getRandomValues(new Uint32Array(1))
    this.#fire('choose', { seed: String((drawn ?? 0) % 1_000_000) })
  }

  #fire(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}

customElements.define('ddpm-edit-controls', DdpmEditControls)
