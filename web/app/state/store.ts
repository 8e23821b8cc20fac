import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { type Fault, type Key, parse, serialise, type State } from './table.ts'

/** How a change enters the browser's history: as a place that Back returns to, or in the current one. */
export type Entry = 'push' | 'replace'

/**
 * A state, its changes, and what the text that it was read from got wrong. Fires `change` on every change, and
 * `navigate` when the whole state was given anew: the visitor moved through history, or edited the URL.
 */
export class Store extends EventTarget {
  #state: State
  #faults: readonly Fault[]
  #said: Set<Key>

  constructor(text: string) {
    super()
    const { state, faults, said } = parse(text)
    this.#state = state
    this.#faults = faults
    this.#said = said
  }

  get state(): Readonly<State> {
    return this.#state
  }

  /** What the link that opened the page got wrong. */
  get faults(): readonly Fault[] {
    return this.#faults
  }

  /** Whether a value is still the one that the text gave: of what the visitor chose since, no link is to blame. */
  isGiven(key: Key): boolean {
    return this.#said.has(key)
  }

  /** Says that the faults were read, or adds what only showed once the model was there. */
  setFaults(faults: readonly Fault[]): void {
    this.#faults = faults
    this.dispatchEvent(new Event('change'))
  }

  set(patch: Partial<State>, entry: Entry): void {
    const next = { ...this.#state, ...patch }
    if (serialise(next) === serialise(this.#state)) return
    const before = this.url()
    for (const key of Object.keys(patch) as Key[]) this.#said.delete(key)
    this.#state = next
    this.keep(entry, before)
    this.dispatchEvent(new Event('change'))
  }

  url(): string {
    return `#${serialise(this.#state)}`
  }

  /** Takes a state as text in place of the one before. */
  read(text: string): void {
    const { state, faults, said } = parse(text)
    this.#state = state
    this.#faults = faults
    this.#said = said
    this.dispatchEvent(new Event('change'))
    this.dispatchEvent(new Event('navigate'))
  }

  /** Keeps the state where it outlives the page, if there is such a place; `before` is the URL until now. */
  protected keep(_entry: Entry, _before: string): void {}
}

/** The page's one state, kept in the URL's fragment. */
export class PageStore extends Store {
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    super(fragment())
    addEventListener('popstate', () => {
      this.#drop()
      this.read(fragment())
    })
  }

  // Browsers refuse more than some hundred history calls in half a minute, and
  // a slider makes as many in a second: the URL follows when the hand rests.
  protected override keep(entry: Entry, before: string): void {
    const late = this.#drop()
    if (entry === 'push') {
      if (late) history.replaceState(history.state, '', before)
      history.pushState(null, '', this.url())
      return
    }
    this.#timer = setTimeout(() => {
      this.#drop()
      history.replaceState(history.state, '', this.url())
    }, 150)
  }

  /** Forgets a change that was still to be written; says whether there was one. */
  #drop(): boolean {
    const late = this.#timer !== undefined
    clearTimeout(this.#timer)
    this.#timer = undefined
    return late
  }
}

/** Renders its host again whenever the source fires `change`. */
export class Follow implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #source: () => EventTarget | undefined
  #followed: EventTarget | undefined

  constructor(host: ReactiveControllerHost, source: () => EventTarget | undefined) {
    this.#host = host
    this.#source = source
    host.addController(this)
  }

  hostUpdate(): void {
    const source = this.#source()
    if (source === this.#followed) return
    this.#followed?.removeEventListener('change', this.#update)
    this.#followed = source
    source?.addEventListener('change', this.#update)
  }

  hostDisconnected(): void {
    this.#followed?.removeEventListener('change', this.#update)
    this.#followed = undefined
  }

  hostConnected(): void {
    this.#host.requestUpdate()
  }

  readonly #update = () => this.#host.requestUpdate()
}

/** The state that the page is opened at: its fragment's, or what a server wrote into the page of a shared recipe. */
function fragment(): string {
  return location.hash || (document.querySelector<HTMLMetaElement>('meta[name=ddpm-state]')?.content ?? '')
}
