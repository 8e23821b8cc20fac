import { css, html, LitElement, nothing } from 'lit'
import { text } from '../messages/index.ts'
import { prose } from '../parts/prose.ts'
import type { State } from '../state/table.ts'
import { base } from '../style/base.ts'
import { controls } from '../style/controls.ts'

/** What is done to the pictures. It comes before them: it says which there are. Fires `choose` with a patch. */
export class DdpmEditTask extends LitElement {
  static override properties = { state: { attribute: false } }

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        gap: 1.25rem;
      }
    `,
  ]

  declare state: Readonly<State>

  protected override render() {
    const words = text.edit
    return html`
      ${this.#segments('task', words.task, ['vary', 'fill', 'blend'] as const, words.tasks)}
      ${
        this.state.task === 'blend'
          ? this.#segments('way', words.way, ['line', 'circle'] as const, words.ways)
          : nothing
      }
    `
  }

  #segments<K extends 'task' | 'way', V extends State[K]>(
    key: K,
    label: string,
    values: readonly V[],
    names: Readonly<Record<V, string>>,
  ) {
    return html`
      <fieldset>
        <legend class="label">${label}</legend>
        <div class="segments">
          ${values.map(
            (value) => html`
              <label>
                <input
                  type="radio"
                  name=${key}
                  value=${value}
                  .checked=${this.state[key] === value}
                  @change=${() => this.dispatchEvent(new CustomEvent('choose', { detail: { [key]: value } }))}
                />
                <span><bdi>${prose(names[value])}</bdi></span>
              </label>
            `,
          )}
        </div>
      </fieldset>
    `
  }
}

customElements.define('ddpm-edit-task', DdpmEditTask)
