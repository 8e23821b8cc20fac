import type { Pictures, RunStep } from '../../shared/engine.ts'

/** One step of a run, kept to be looked at again. */
export interface Frame {
  readonly index: number
  readonly of: number
  /** The paper's t at which the network was asked. */
  readonly t: number
  /** Milliseconds since the run began. */
  readonly elapsed: number
  /** σ_t of the noise that the step added. */
  readonly sigma: number
  readonly x: Pictures
  readonly x0: Pictures
  /** All that was asked for of the step. */
  readonly pictures: RunStep['pictures']
}

/**
 * The steps of a run, as far as it came. A long run of many pictures would fill
 * the memory of a phone: beyond the budget every second frame is let go, so
 * what stays is still spread evenly over the run, first and last included.
 */
export class Film {
  readonly #budget: number
  #frames: Frame[] = []
  #stride = 1

  constructor(budget = 64 * 2 ** 20) {
    this.#budget = budget
  }

  get frames(): readonly Frame[] {
    return this.#frames
  }

  get last(): Frame | undefined {
    return this.#frames.at(-1)
  }

  add(step: RunStep): void {
    const { index, of, t, sigma, elapsed, pictures } = step
    const { x, x0 } = pictures
    if (!x || !x0) return
    // The frame before was only there as the last one.
    const last = this.last
    if (last && last.index !== 1 && last.index % this.#stride !== 0) this.#frames.pop()
    this.#frames.push({ index, of, t, sigma, elapsed, x, x0, pictures })
    const bytes = Object.values(pictures).reduce((sum, { bytes }) => sum + bytes.length, 0)
    if (this.#frames.length * bytes > this.#budget) this.#thin()
  }

  /** The kept frame nearest to a step. */
  near(index: number): Frame | undefined {
    let best: Frame | undefined
    for (const frame of this.#frames) {
      if (!best || Math.abs(frame.index - index) < Math.abs(best.index - index)) best = frame
    }
    return best
  }

  /** The t at which a step left x, where that is known: the next step's t, 0 after the last. */
  leaves(frame: Frame): number | undefined {
    if (frame.index === frame.of) return 0
    const next = this.#frames[this.#frames.indexOf(frame) + 1]
    return next?.index === frame.index + 1 ? next.t : undefined
  }

  #thin(): void {
    this.#stride *= 2
    const last = this.last
    this.#frames = this.#frames.filter(
      (frame) => frame === last || frame.index === 1 || frame.index % this.#stride === 0,
    )
  }
}
