import type { ReactiveController, ReactiveControllerHost } from 'lit'

/** Milliseconds from the picture to noise. */
const length = 8000

/** Pictures of the way where motion is unwelcome: one a second. */
const stills = 8

/**
 * Moves t from where it is to its end at a steady pace, begun and stopped by hand only. Where motion is unwelcome it
 * goes from one still picture to the next.
 */
export class Play implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #move: (share: number) => void
  readonly #still = matchMedia('(prefers-reduced-motion: reduce)')
  #frame: number | undefined

  /** `move` takes the share of the way, 0…1. */
  constructor(host: ReactiveControllerHost, move: (share: number) => void) {
    this.#host = host
    this.#move = move
    host.addController(this)
  }

  get playing(): boolean {
    return this.#frame !== undefined
  }

  /** Goes on from a share of the way; from its end it begins anew. */
  start(share: number): void {
    const from = share < 1 ? share : 0
    let begun: number | undefined
    const step = (now: number) => {
      begun ??= now
      const gone = (now - begun) / length
      const at = Math.min(1, from + (this.#still.matches ? Math.floor(gone * stills) / stills : gone))
      this.#move(at)
      if (at < 1) this.#frame = requestAnimationFrame(step)
      else this.stop()
    }
    this.stop()
    this.#frame = requestAnimationFrame(step)
    this.#host.requestUpdate()
  }

  stop(): void {
    if (this.#frame === undefined) return
    cancelAnimationFrame(this.#frame)
    this.#frame = undefined
    this.#host.requestUpdate()
  }

  hostDisconnected(): void {
    this.stop()
  }
}
