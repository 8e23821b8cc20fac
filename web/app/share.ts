import { LitElement, css, html, nothing } from 'lit'
import { own } from './forward/props.ts'
import { text } from './messages/index.ts'
import type { Store } from './state/store.ts'
import { base } from './style/base.ts'
import { controls } from './style/controls.ts'

/** How long a confirmation is to be read, in milliseconds. */
const reading = 6000

/** Passes the link to what is seen on: to the system's sheet where there is one, or to the clipboard. */
export class DdpmShare extends LitElement {
  static override properties = { store: { attribute: false }, said: { state: true } }

  static override styles = [
    base,
    controls,
    css`
      :host {
        position: relative;
      }

      button {
        display: flex;
        gap: 0.5rem;
        align-items: center;
        justify-content: center;
        min-width: var(--control-small);
        min-height: var(--control-small);
        padding: 0 0.625rem;
        border-color: transparent;
        color: var(--soft);
        font-size: 0.8125rem;
        font-weight: 400;
      }

      svg {
        width: 1rem;
        height: 1rem;
        fill: none;
        stroke: currentColor;
        stroke-width: 1.5;
        stroke-linecap: round;
        stroke-linejoin: round;
      }

      .said {
        position: absolute;
        z-index: 2;
        inset: calc(100% + 0.5rem) 0 auto auto;
        width: max-content;
        max-width: min(20rem, 80vw);
        padding: 0.625rem 0.875rem;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--raised);
        font-size: 0.875rem;
        line-height: 1.4;
        overflow-wrap: anywhere;
        user-select: text;
      }

      @media (max-width: 40rem) {
        button span {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
      }
    `,
  ]

  declare store: Store
  /** What came of it: "copied", or the link itself, to be copied by hand. */
  declare said: 'copied' | { readonly link: string } | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  protected override render() {
    return html`
      <button @click=${() => void this.#share()}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8 10V1.5M5 4l3-3 3 3M3.5 7.5v7h9v-7"></path>
        </svg>
        <span>${text.share.label}</span>
      </button>
      <div role="status">${this.said ? html`<p class="said">${this.#words(this.said)}</p>` : nothing}</div>
    `
  }

  #words(said: 'copied' | { readonly link: string }): string {
    const first = said === 'copied' ? text.share.copied : text.share.byHand(said.link)
    return this.store.state.picture === own ? `${first} ${text.share.own}` : first
  }

  async #share(): Promise<void> {
    const url = new URL(this.store.url(), location.href).href
    if ('share' in navigator) {
      try {
        await navigator.share({ title: document.title, url })
        return
      } catch (thrown) {
        // Closing the sheet is an answer; a sheet that cannot be opened is not.
        if (thrown instanceof DOMException && thrown.name === 'AbortError') return
      }
    }
    try {
      await navigator.clipboard.writeText(url)
      this.#say('copied')
    } catch {
      this.#say({ link: url })
    }
  }

  #say(said: 'copied' | { readonly link: string }): void {
    this.said = said
    clearTimeout(this.#timer)
    // A link that is to be copied by hand stays until the next one.
    if (said === 'copied') this.#timer = setTimeout(() => (this.said = undefined), reading)
  }
}

customElements.define('ddpm-share', DdpmShare)
