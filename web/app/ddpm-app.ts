import { LitElement, css, html, nothing, type PropertyValues } from 'lit'
import './language.ts'
import './opening/ddpm-opening.ts'
import { type Language, language, preferred, speak, text } from './messages/index.ts'
import { whole } from './parts/format.ts'
import { faultWords, type Notice } from './parts/notice.ts'
import './parts/notice.ts'
import { fetchPlotter } from './parts/plot.ts'
import type { Room } from './parts/room.ts'
import { turn } from './parts/turns.ts'
import { type RoomName, roomNames, rooms } from './rooms.ts'
import { Engines } from './state/engines.ts'
import { Follow, PageStore } from './state/store.ts'
import { openRooms, serialise } from './state/table.ts'
import { base } from './style/base.ts'
import { lettersOf, lettersOfFormulas } from './style/fonts.ts'
import licence from './style/OFL.txt?url'
import './share.ts'
import './theme.ts'

/** The page: its rooms, one at a time, and the way between them. */
export class DdpmApp extends LitElement {
  static override properties = {
    entered: { state: true },
    arrived: { state: true },
    missing: { state: true },
    silent: { state: true },
  }
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
        display: flex;
        align-items: center;
        min-height: var(--control);
        font: 600 1.0625rem/1 var(--serif);
        text-decoration: none;
        letter-spacing: -0.01em;
      }

      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem;
      }

      nav a {
        display: flex;
        align-items: center;
        justify-content: center;
        min-height: var(--control);
        padding: 0 0.75rem;
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

      .choices {
        display: flex;
        margin-inline-start: auto;
      }

      /* Where one row does not do in every language, the rooms have one of their own. */
      @media (max-width: 70rem) {
        nav {
          order: 1;
          width: 100%;
          margin-inline-start: -0.75rem;
        }
      }

      @media (max-width: 40rem) {
        .bar {
          gap: 0.25rem;
        }

        .choices {
          margin-inline-end: -0.375rem;
        }

        /* As many rows as there must be, with columns: what is below what stays so from room to room. */
        nav {
          display: grid;
          grid-template-columns: repeat(auto-fit, minmax(6rem, 1fr));
          margin-inline-start: 0;
        }

        nav a {
          padding-inline: 0.25rem;
        }
      }

      .mark .short {
        display: none;
      }

      @media (max-width: 26rem) {
        .mark .whole {
          display: none;
        }

        .mark .short {
          display: inline;
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

      .next a {
        display: inline-block;
        padding-block: calc((var(--control) - 1lh) / 2);
      }

      footer {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 2rem;
        padding: 1.25rem var(--gutter) 2rem;
        border-top: 1px solid var(--line);
        color: var(--soft);
        font-size: 0.8125rem;
      }

      footer p {
        width: 100%;
        text-wrap: pretty;
      }

      @media (pointer: coarse) {
        footer {
          row-gap: 0;
        }

        footer a,
        footer .stamp {
          padding-block: calc((var(--control) - 1lh) / 2);
        }
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

  /** The rooms that were entered: each is kept as it was left, and goes on with what it does. */
  declare entered: ReadonlyMap<RoomName, Room>
  /** Those of them that are there from top to bottom: what stands below would be moved by the others. */
  declare arrived: ReadonlySet<RoomName>
  /** The room whose code did not arrive. */
  declare missing: RoomName | undefined
  /** The language whose words did not arrive. */
  declare silent: Language | undefined

  readonly #store = new PageStore()
  readonly #engines = new Engines()

  constructor() {
    super()
    this.entered = new Map()
    this.arrived = new Set()
    new Follow(this, () => this.#store)
    void this.#enter()
  }

  /** Nothing is rendered before its words are there, and a change of the language in the URL is followed. */
  protected override async scheduleUpdate() {
    // Another may be chosen while the words of one are on their way.
    for (let lang: Language | undefined; lang !== this.#language;) {
      lang = this.#language
      await lettersOf(lang)
      const spoken = await speak(lang)
      if (!spoken) this.silent = lang
      else if (this.silent === lang) this.silent = undefined
      // The URL and the choice say what is spoken.
      if (!spoken && this.#store.state.lang === lang) this.#store.set({ lang: language() }, 'replace')
    }
    if (!this.hasUpdated) await turn()
    await super.scheduleUpdate()
  }

  get #language(): Language {
    return this.#store.state.lang || preferred(navigator.languages)
  }

  /** Links follow when the hand rests, as the URL does: a slider would have them written anew for each frame. */
  protected override shouldUpdate(changed: PropertyValues): boolean {
    const { faults, state } = this.#store
    const view = [state.room, state.rooms, state.hide, text.locale, faults]
    const due = changed.size > 0 || view.some((part, i) => part !== this.#view[i])
    this.#view = view
    clearTimeout(this.#resting)
    if (!due) {
      this.#resting = setTimeout(() => {
        this.#view = []
        this.requestUpdate()
      }, 150)
    }
    return due
  }

  /** What of the state shows in more than links, at the last update. */
  #view: readonly unknown[] = []
  #resting: ReturnType<typeof setTimeout> | undefined

  protected override willUpdate() {
    if (this.#store.state.room !== this.missing) this.missing = undefined
    void this.#enter()
  }

  /** Fetches the room that the state names, if it was never entered; then the others, while nothing else is to do. */
  async #enter(): Promise<void> {
    const { room } = this.#store.state
    if (this.entered.has(room) || this.missing === room || this.#fetching.has(room)) return
    this.#fetching.add(room)
    const { tag, load } = rooms.find(({ name }) => name === room) ?? rooms[0]
    try {
      await Promise.all([load(), lettersOfFormulas()])
      await turn()
      const element = Object.assign(document.createElement(tag) as unknown as Room, {
        store: this.#store,
        engines: this.#engines,
      })
      this.entered = new Map(this.entered).set(room, element)
      await element.arrived
      if (this.arrived.size === 0) void idle().then(prefetch)
      this.arrived = new Set(this.arrived).add(room)
    } catch {
      this.missing = room
    } finally {
      this.#fetching.delete(room)
    }
  }

  readonly #fetching = new Set<RoomName>()

  protected override render() {
    const { state } = this.#store
    const { room } = state
    const open = openRooms(state)
    const next = open[(open.indexOf(room) + 1) % open.length] ?? room
    const hidden = state.hide.split(',')
    return html`
      ${hidden.includes('bar') ? nothing : this.#bar(open, room)}
      <main id="main" tabindex="-1">
        <ddpm-notice .notice=${this.#faults()}></ddpm-notice>
        <ddpm-notice .notice=${this.#missing()}></ddpm-notice>
        ${room === roomNames[0] && !hidden.includes('opening') ? html`<ddpm-opening></ddpm-opening>` : nothing}
        ${roomNames.map((name) => {
          const element = this.entered.get(name)
          if (element) element.hidden = name !== room
          if (element?.getAttribute('hide') !== hidden.join(' ')) element?.setAttribute('hide', hidden.join(' '))
          return element ?? nothing
        })}
        ${
          this.arrived.has(room) && next !== room && !hidden.includes('next')
            ? html`<p class="next">
                <a href=${this.#href(next)} @click=${(event: MouseEvent) => this.#go(event, next)}
                  >${text[next].room.invite} →</a
                >
              </p>`
            : nothing
        }
      </main>
      ${this.#settled && !hidden.includes('footer') ? this.#footer() : nothing}
    `
  }

  /** Whether nothing will yet move what stands below the room. */
  get #settled(): boolean {
    const { room } = this.#store.state
    return this.arrived.size > 0 && (this.arrived.has(room) || !this.entered.has(room))
  }

  #bar(open: readonly RoomName[], room: RoomName) {
    const [first = room] = open
    return html`
      <header class="bar">
        <a class="skip" href=${this.#store.url()} @click=${this.#skip}>${text.skip}</a>
        <a class="mark" href=${this.#href(first)} @click=${(event: MouseEvent) => this.#go(event, first)}
          ><span class="whole">${text.title}</span><span class="short">${text.titleShort}</span></a
        >
        <nav aria-label=${text.nav} ?hidden=${open.length < 2}>
          ${open.map(
            (name) => html`
              <a
                href=${this.#href(name)}
                aria-current=${name === room ? 'page' : nothing}
                @click=${(event: MouseEvent) => this.#go(event, name)}
                >${text[name].room.name}</a
              >
            `,
          )}
        </nav>
        <div class="choices">
          <ddpm-share .store=${this.#store}></ddpm-share>
          <ddpm-language .store=${this.#store}></ddpm-language>
          <ddpm-theme></ddpm-theme>
        </div>
      </header>
    `
  }

  #footer() {
    return html`
      <footer>
        <p>${text.footer}</p>
        <a href="https://arxiv.org/abs/2006.11239" rel="noreferrer">${text.paper}</a>
        <a href=${licence}>${text.fonts}</a>
        <a href=${new URL(/* @vite-ignore */ '../licences.txt', import.meta.url).href}>${text.licences}</a>
        <span class="stamp">${text.build(__STAMP__)}</span>
      </footer>
    `
  }

  protected override firstUpdated() {
    // The first number takes the browser longer than all that follow: better now, while the room is on its way.
    setTimeout(() => whole(0))
  }

  protected override updated() {
    document.documentElement.lang = text.locale
    document.title = text.titleOf(text[this.#store.state.room].room.name)
  }

  #href(room: RoomName): string {
    return `#${serialise({ ...this.#store.state, room })}`
  }

  #go(event: MouseEvent, room: RoomName): void {
    // With these a browser opens a tab, a window, or saves.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
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
    return { title: text.faults.title, lines: faults.map(faultWords), dismiss: () => this.#store.setFaults([]) }
  }

  #missing(): Notice | undefined {
    const { silent } = this
    if (!this.missing && !silent) return undefined
    const { titles, hints } = text.errors
    const retry = () => {
      this.missing = this.silent = undefined
      if (silent) this.#store.set({ lang: silent }, 'replace')
    }
    const notice = { title: titles.missing, lines: [hints.missing], retry }
    // Without its room a page is nothing, without a language it is in another.
    return this.missing ? notice : { ...notice, dismiss: () => (this.silent = undefined) }
  }
}

/** The other rooms, one after the other. What does not arrive is fetched again when it is needed. */
async function prefetch(): Promise<void> {
  for (const { load } of rooms) {
    await load().catch(() => undefined)
    await idle()
  }
  await fetchPlotter()
}

/** Safari has no idle callbacks. */
function idle(): Promise<unknown> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(resolve, { timeout: 5000 })
    else setTimeout(resolve, 1000)
  })
}

customElements.define('ddpm-app', DdpmApp)
