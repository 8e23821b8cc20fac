import type { Engine, NoisedPicture, RGBAPicture, ScheduleName } from '../../shared/engine.ts'
import type { EngineError } from '../../shared/errors.ts'
import { asEngineError, type Engines, isAbort } from '../state/engines.ts'

/** What is to be seen: q(x_t | x_0) at one t with one ε, under each of the schedules. */
export interface Wish {
  readonly t: number
  readonly T: number
  readonly seed: string
  readonly schedules: readonly ScheduleName[]
}

/**
 * Keeps the pictures up with the slider. One wish is computed at a time, and
 * the next is always the newest: while a hand moves fast, steps are skipped,
 * never queued, and the schedules shown together are of the same t.
 */
export class Noiser {
  readonly #engines: Engines
  readonly #draw: (pictures: readonly NoisedPicture[]) => void
  readonly #fail: (error: EngineError) => void
  #picture: RGBAPicture | undefined
  #given: RGBAPicture | undefined
  #engine: Engine | undefined
  #wish: Wish | undefined
  readonly #drawn = new Map<ScheduleName, NoisedPicture>()
  /** What was drawn before that: memory for the next. */
  readonly #spare = new Map<ScheduleName, NoisedPicture>()
  #busy = false

  constructor(
    engines: Engines,
    draw: (pictures: readonly NoisedPicture[]) => void,
    fail: (error: EngineError) => void,
  ) {
    this.#engines = engines
    this.#draw = draw
    this.#fail = fail
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
    const { t, T, seed } = wish
    const noised = await Promise.all(
      wish.schedules.map((schedule) => {
        const into = this.#spare.get(schedule)
        this.#spare.delete(schedule)
        return engine.noise({ schedule, t, T, seed, into })
      }),
    )
    const all = noised.filter((one) => one !== undefined)
    if (all.length !== wish.schedules.length) return
    for (const one of all) {
      const before = this.#drawn.get(one.schedule)
      if (before) this.#spare.set(one.schedule, before)
      this.#drawn.set(one.schedule, one)
    }
    this.#draw(all)
  }
}
