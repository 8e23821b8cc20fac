import { LitElement, css, html, type PropertyValues } from 'lit'
import { unsafeHTML } from 'lit/directives/unsafe-html.js'
import { base } from '../style/base.ts'

/**
 * A formula typeset at build time. `values` fills the numbers that the TeX
 * marked with `\class{live-NAME}{…}`, without typesetting anything again.
 */
export class DdpmFormula extends LitElement {
  static override properties = { math: { attribute: false }, values: { attribute: false } }
  static override styles = [
    base,
    css`
      :host {
        max-width: 100%;
      }

      :host([tabindex]) {
        overflow: auto hidden;
      }

      math {
        font-size: var(--formula-size, 1.0625rem);
      }

      .lhs {
        display: var(--lhs, inline math);
      }

      mn {
        font-variant-numeric: tabular-nums;
      }
    `,
  ]

  declare math: string
  declare values: Readonly<Record<string, string>>

  constructor() {
    super()
    this.math = ''
    this.values = {}
  }

  override connectedCallback() {
    super.connectedCallback()
    this.#room.observe(this)
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    this.#room.disconnect()
  }

  /** What is wider than its place scrolls by itself, by keyboard as well: a formula cannot be broken into lines. */
  readonly #room = new ResizeObserver(() => {
    const width = this.renderRoot.querySelector('math')?.getBoundingClientRect().width ?? 0
    if (width > this.clientWidth + 1 && this.clientWidth > 0) this.tabIndex = 0
    else this.removeAttribute('tabindex')
  })

  protected override render() {
    return html`${unsafeHTML(this.math)}`
  }

  protected override updated(_changed: PropertyValues<this>) {
    for (const [name, value] of Object.entries(this.values)) {
      for (const number of this.renderRoot.querySelectorAll(`.live-${name}`)) {
        const leaf = number.localName === 'mn' ? number : number.querySelector('mn')
        if (leaf && leaf.textContent !== value) leaf.textContent = value
      }
    }
  }
}

customElements.define('ddpm-formula', DdpmFormula)
