import type { Engine, NoisedPicture, RGBAPicture } from '../../shared/engine.ts'
import type { EngineError } from '../../shared/errors.ts'
import { asEngineError, type Engines, isAbort } from '../state/engines.ts'
import { type Kind, nameOf } from './schedules.ts'

/** What is to be seen: q(x_t | x_0) at one t with one ε, under each of the schedules. */
export interface Wish {
  readonly t: number
  readonly T: number
  readonly seed: string
  readonly kinds: readonly Kind[]
  /** What the bent schedule is. */
  readonly bend: string
}

export type Drawn = Partial<Record<Kind, NoisedPicture>>

/**
 * Keeps the pictures up with the slider. One wish is computed at a time, and
 * the next is always the newest: while a hand moves fast, steps are skipped,
 * never queued, and the schedules shown together are of the same t.
 */
export class Noiser {
  readonly #engines: Engines
  readonly #draw: (pictures: Drawn) => void
  readonly #fail: (error: EngineError) => void
  #picture: RGBAPicture | undefined
  #given: RGBAPicture | undefined
  #engine: Engine | undefined
  #wish: Wish | undefined
  readonly #drawn = new Map<Kind, NoisedPicture>()
  /** What was drawn before that: memory for the next. */
  readonly #spare = new Map<Kind, NoisedPicture>()
  #busy = false

  constructor(engines: Engines, draw: (pictures: Drawn) => void, fail: (error: EngineError) => void) {
    this.#engines = engines
    this.#draw = draw
    this.#fail = fail
  }

  /** The engine, once it has drawn. */
  get engine(): Engine | undefined {
    return this.#engine
  }

  set picture(picture: RGBAPicture) {
    this.#picture = picture
  }

  want(wish: Wish): void {
    this.#wish = wish
    if (!this.#busy) void this.#work()
  }

  async #work(): Promise<void> {
    this.#busy = true
    let crashes = 0
    while (this.#wish) {
      const wish = this.#wish
      this.#wish = undefined
      try {
        await this.#grant(wish)
      } catch (thrown) {
        if (isAbort(thrown)) continue
        const error = asEngineError(thrown)
        this.#given = undefined
        // The engine has been replaced; once, that is tried without a word.
        if (error.kind === 'crashed' && crashes++ === 0) this.#wish ??= wish
        else this.#fail(error)
      }
    }
    this.#busy = false
  }

  async #grant(wish: Wish): Promise<void> {
    // Without a wait where there is none, a wish is on its way before the page renders what else has changed.
    const engine = (this.#engine ??= await this.#engines.open())
    const picture = this.#picture
    if (!picture) return
    if (this.#given !== picture) {
      await engine.setPicture(picture)
      this.#given = picture
    }
    const { t, T, seed, kinds, bend } = wish
    const noised = await Promise.all(
      kinds.map((kind) => {
        const into = this.#spare.get(kind)
        this.#spare.delete(kind)
        return engine.noise({ schedule: nameOf(kind, bend), t, T, seed, into, lane: kind })
      }),
    )
    const all: Drawn = {}
    for (const [i, kind] of kinds.entries()) {
      const one = noised[i]
      if (one === undefined) return
      all[kind] = one
    }
    for (const kind of kinds) {
      const before = this.#drawn.get(kind)
      if (before) this.#spare.set(kind, before)
      this.#drawn.set(kind, all[kind] as NoisedPicture)
    }
    this.#draw(all)
  }
}
