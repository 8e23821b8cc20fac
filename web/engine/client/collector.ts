// Puts the parts of a step, from several workers, together into the step that the page sees.

import type { Pictures, Plane, RunProgress, RunStep } from '../../shared/engine.ts'
import type { StepEvent } from '../../shared/protocol.ts'

interface Open {
  readonly pictures: Partial<Record<Plane, Pictures>>
  missing: number
}

export class Collector {
  readonly #count: number
  readonly #now: () => number
  readonly #begun: number
  readonly #open = new Map<number, Open>()
  #done = 0
  #total = 0

  /** `count` images in all; `now` in milliseconds. */
  constructor(count: number, now: () => number) {
    this.#count = count
    this.#now = now
    this.#begun = now()
  }

  /** Takes a part and gives the step that it completes, if it does. */
  add(part: StepEvent): RunStep | undefined {
    const { index, of, t, sigma } = part
    this.#done += part.count
    this.#total = of * this.#count
    let open = this.#open.get(index)
    if (!open) {
      open = { pictures: {}, missing: this.#count }
      this.#open.set(index, open)
    }
    for (const [plane, pictures] of Object.entries(part.pictures) as [Plane, Pictures][]) {
      const each = pictures.width * pictures.height * pictures.channels
      const whole = (open.pictures[plane] ??= {
        ...pictures,
        count: this.#count,
        bytes: new Uint8Array(each * this.#count),
      })
      whole.bytes.set(pictures.bytes, part.first * each)
    }
    open.missing -= part.count
    if (open.missing > 0) return undefined
    this.#open.delete(index)
    const { elapsed, remaining } = this.progress()
    return { index, of, t, sigma, pictures: open.pictures, elapsed, remaining }
  }

  /** Time left by the pace so far: images are alike and steps too, so the share done is the share of time. */
  progress(): RunProgress {
    const elapsed = this.#now() - this.#begun
    const share = this.#total === 0 ? 0 : this.#done / this.#total
    return { share, elapsed, remaining: share === 0 ? Infinity : (elapsed * (1 - share)) / share }
  }
}
