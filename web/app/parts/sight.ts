import type { ReactiveController, ReactiveControllerHost } from 'lit'

/** Milliseconds without a change after which what is out of sight is brought up to date. */
const rest = 300

/**
 * Whether its host is in sight. What is not need not be kept up with a moving hand: such a host asks
 * `due` in `shouldUpdate`, and is updated when the hand rests.
 */
export class Sight implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element
  readonly #observer: IntersectionObserver
  #seen = false
  #late = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(host: ReactiveControllerHost & Element, rootMargin = '0px', changed?: (seen: boolean) => void) {
    this.#host = host
    this.#observer = new IntersectionObserver(
      (entries) => {
        this.#seen = entries.at(-1)?.isIntersecting ?? false
        host.requestUpdate()
        changed?.(this.#seen)
      },
      { rootMargin },
    )
    host.addController(this)
  }

  /** Whether the host should update now; if not, it will be asked to later. */
  due(): boolean {
    clearTimeout(this.#timer)
    if (this.#seen || this.#late) {
      this.#late = false
      return true
    }
    this.#timer = setTimeout(() => {
      this.#late = true
      this.#host.requestUpdate()
    }, rest)
    return false
  }

  hostConnected(): void {
    this.#observer.observe(this.#host)
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer)
    this.#observer.disconnect()
  }
}
