import { LitElement, css, html, nothing } from 'lit'
import './forward/ddpm-forward.ts'
import './generate/ddpm-generate.ts'
import { text } from './messages/index.ts'
import type { Notice } from './parts/notice.ts'
import './parts/notice.ts'
import { Engines } from './state/engines.ts'
import { Follow, Store } from './state/store.ts'
import { type Fault, type Room, rooms, serialise } from './state/table.ts'
import { base } from './style/base.ts'
import licence from './style/OFL.txt?url'
import './theme.ts'

// A glob, so that the page can be built, and its forward room used, where no weights are yet.
const models = import.meta.glob<string>('../../weights/*.safetensors', {
  query: '?url',
  import: 'default',
  eager: true,
})

/** The page: its rooms, one at a time, and the way between them. */
export class DdpmApp extends LitElement {
  static override styles = [
    base,
    css`
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.25rem 2rem;
        padding: 0.625rem var(--gutter);
        border-bottom: 1px solid var(--line);
      }

      :host,
      .bar {
        --gutter: max(clamp(1rem, 4vw, 4rem), calc((100% - 84rem) / 2));
      }

      .mark {
        font: 600 1.0625rem/1 var(--serif);
        text-decoration: none;
        letter-spacing: -0.01em;
      }

      nav {
        display: flex;
        gap: 0.25rem;
      }

      nav a {
        padding: 0.5rem 0.75rem;
        border-radius: var(--radius);
        color: var(--soft);
        font-size: 0.9375rem;
        text-decoration: none;
      }

      nav a:hover {
        color: var(--ink);
      }

      nav a[aria-current='page'] {
        color: var(--ink);
        background: var(--fill);
      }

      ddpm-theme {
        margin-inline-start: auto;
      }

      @media (max-width: 40rem) {
        nav {
          order: 1;
          width: 100%;
        }
      }

      main {
        padding: calc(var(--step) * 1.25) var(--gutter) calc(var(--step) * 3);
        min-height: calc(100dvh - 9rem);
      }

      main:focus {
        outline: none;
      }

      .next {
        margin-top: calc(var(--step) * 2.5);
        font: 400 1.125rem/1.4 var(--serif);
      }

      footer {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 2rem;
        justify-content: space-between;
        padding: 1.25rem var(--gutter) 2rem;
        border-top: 1px solid var(--line);
        color: var(--soft);
        font-size: 0.8125rem;
      }

      .skip:not(:focus) {
        position: absolute;
        clip-path: inset(50%);
      }

      .skip {
        position: absolute;
        z-index: 3;
        padding: 0.75rem 1rem;
        background: var(--paper);
      }
    `,
  ]

  readonly #store = new Store()
  readonly #engines = new Engines(models['../../weights/digits.safetensors'])

  constructor() {
    super()
    new Follow(this, () => this.#store)
  }

  protected override render() {
    const { room } = this.#store.state
    return html`
      <header class="bar">
        <a class="skip" href=${this.#store.url()} @click=${this.#skip}>${text.skip}</a>
        <a class="mark" href=${this.#href('forward')} @click=${(event: Event) => this.#go(event, 'forward')}
          >${text.title}</a
        >
        <nav aria-label=${text.rooms.nav}>
          ${rooms.map(
            (name) => html`
              <a
                href=${this.#href(name)}
                aria-current=${name === room ? 'page' : nothing}
                @click=${(event: Event) => this.#go(event, name)}
                >${text.rooms[name]}</a
              >
            `,
          )}
        </nav>
        <ddpm-theme></ddpm-theme>
      </header>
      <main id="main" tabindex="-1">
        <ddpm-notice .notice=${this.#faults()}></ddpm-notice>
        <ddpm-forward ?hidden=${room !== 'forward'} .store=${this.#store} .engines=${this.#engines}></ddpm-forward>
        <ddpm-generate ?hidden=${room !== 'generate'} .store=${this.#store} .engines=${this.#engines}></ddpm-generate>
        ${
          room === 'forward'
            ? html`<p class="next">
                <a href=${this.#href('generate')} @click=${(event: Event) => this.#go(event, 'generate')}
                  >${text.forward.next} →</a
                >
              </p>`
            : nothing
        }
      </main>
      <footer>
        <span>${text.footer}</span>
        <a href="https://arxiv.org/abs/2006.11239" rel="noreferrer">${text.paper}</a>
        <a href=${licence}>${text.fonts}</a>
      </footer>
    `
  }

  protected override updated() {
    document.title = text.titleOf(text.rooms[this.#store.state.room])
  }

  #href(room: Room): string {
    return `#${serialise({ ...this.#store.state, room })}`
  }

  #go(event: Event, room: Room): void {
    event.preventDefault()
    this.#store.set({ room }, 'push')
    scrollTo(0, 0)
  }

  #skip(event: Event): void {
    event.preventDefault()
    this.renderRoot.querySelector<HTMLElement>('#main')?.focus()
  }

  #faults(): Notice | undefined {
    const { faults } = this.#store
    if (faults.length === 0) return undefined
    return { title: text.faults.title, lines: faults.map(words), dismiss: () => this.#store.setFaults([]) }
  }
}

function words(fault: Fault): string {
  if (fault.why === 'unknown') return text.faults.unknown(fault)
  if (fault.why === 'model') return text.faults.model(fault.given, fault.used)
  return text.faults.used(fault)
}

customElements.define('ddpm-app', DdpmApp)
