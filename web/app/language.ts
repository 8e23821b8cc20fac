import { LitElement, html } from 'lit'
import { live } from 'lit/directives/live.js'
import { type Language, language, languageNames, languages, text } from './messages/index.ts'
import { Follow, type Store } from './state/store.ts'
import { base } from './style/base.ts'
import { controls } from './style/controls.ts'
import { quietSelect } from './style/quiet-select.ts'

/** The language of the page: chosen here it goes into the URL. */
export class DdpmLanguage extends LitElement {
  static override properties = { store: { attribute: false } }
  static override styles = [base, controls, quietSelect]

  declare store: Store

  constructor() {
    super()
    // The choice goes back where a language did not arrive.
    new Follow(this, () => this.store)
  }

  protected override render() {
    return html`
      <select aria-label=${text.language} .value=${live(language())} @change=${this.#choose}>
        ${languageNames.map(
          (name) =>
            html`<option lang=${name} value=${name} ?selected=${name === language()}>${languages[name].name}</option>`,
        )}
      </select>
    `
  }

  #choose(event: Event): void {
    this.store.set({ lang: (event.target as HTMLSelectElement).value as Language }, 'push')
  }
}

customElements.define('ddpm-language', DdpmLanguage)
