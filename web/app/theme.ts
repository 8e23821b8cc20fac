import { LitElement, html } from 'lit'
import { text } from './messages/index.ts'
import { base } from './style/base.ts'
import { controls } from './style/controls.ts'
import { quietSelect } from './style/quiet-select.ts'

type Theme = 'auto' | 'light' | 'dark'

const key = 'ddpm-theme'

/** Light, dark, or as the system has it; remembered on this device. */
export class DdpmTheme extends LitElement {
  static override properties = { theme: { state: true } }
  static override styles = [base, controls, quietSelect]

  declare theme: Theme

  constructor() {
    super()
    this.theme = stored()
    show(this.theme)
  }

  protected override render() {
    return html`
      <select aria-label=${text.theme.label} .value=${this.theme} @change=${this.#choose}>
        ${(['auto', 'light', 'dark'] as const).map(
          (theme) => html`<option value=${theme} ?selected=${theme === this.theme}>${text.theme[theme]}</option>`,
        )}
      </select>
    `
  }

  #choose(event: Event): void {
    this.theme = (event.target as HTMLSelectElement).value as Theme
    show(this.theme)
    try {
      localStorage.setItem(key, this.theme)
    } catch {
      // storage is switched off: the choice holds until the page is closed
    }
  }
}

function show(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

function stored(): Theme {
  try {
    const theme = localStorage.getItem(key)
    return theme === 'light' || theme === 'dark' ? theme : 'auto'
  } catch {
    return 'auto'
  }
}

customElements.define('ddpm-theme', DdpmTheme)
