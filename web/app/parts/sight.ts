import type { ReactiveController, ReactiveControllerHost } from 'lit'

/** Whether its host is in sight, or nearly: what is not need not be kept up with a moving hand. Updates its host. */
export class Sight implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element
  readonly #observer: IntersectionObserver
  #near = false

  constructor(host: ReactiveControllerHost & Element, changed?: (near: boolean) => void) {
    this.#host = host
    this.#observer = new IntersectionObserver(
      (entries) => {
        this.#near = entries.at(-1)?.isIntersecting ?? false
        host.requestUpdate()
        changed?.(this.#near)
      },
      { rootMargin: '200px' },
    )
    host.addController(this)
  }

  get near(): boolean {
    return this.#near
  }

  hostConnected(): void {
    this.#observer.observe(this.#host)
  }

  hostDisconnected(): void {
    this.#observer.disconnect()
  }
}
