import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { type Fault, parse, serialise, type State } from './table.ts'

/** How a change enters the browser's history: as a place that Back returns to, or in the current one. */
export type Entry = 'push' | 'replace'

/**
 * The page's one state, kept in the URL's fragment. Fires `change` on every
 * change and `navigate` when the visitor moved through history or edited the URL.
 */
export class Store extends EventTarget {
  #state: State
  #faults: readonly Fault[]
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    super()
    const { state, faults } = parse(location.hash)
    this.#state = state
    this.#faults = faults
    addEventListener('popstate', () => this.#navigate())
  }

  get state(): Readonly<State> {
    return this.#state
  }

  /** What the link that opened the page got wrong. */
  get faults(): readonly Fault[] {
    return this.#faults
  }

  /** Says that the faults were read, or adds what only showed once the model was there. */
  setFaults(faults: readonly Fault[]): void {
    this.#faults = faults
    this.dispatchEvent(new Event('change'))
  }

  set(patch: Partial<State>, entry: Entry): void {
    const next = { ...this.#state, ...patch }
    if (serialise(next) === serialise(this.#state)) return
    if (entry === 'push') this.#flush()
    this.#state = next
    if (entry === 'push') history.pushState(null, '', this.url())
    else this.#later()
    this.dispatchEvent(new Event('change'))
  }

  url(): string {
    return `#${serialise(this.#state)}`
  }

  #navigate(): void {
    this.#drop()
    const { state, faults } = parse(location.hash)
    this.#state = state
    this.#faults = faults
    this.dispatchEvent(new Event('change'))
    this.dispatchEvent(new Event('navigate'))
  }

  // Browsers refuse more than some hundred history calls in half a minute, and
  // a slider makes as many in a second: the URL follows when the hand rests.
  #later(): void {
    this.#drop()
    this.#timer = setTimeout(() => this.#flush(), 150)
  }

  #flush(): void {
    if (this.#timer === undefined) return
    this.#drop()
    history.replaceState(history.state, '', this.url())
  }

  #drop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
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
