import type { Engine, RGBAPicture, Walked } from '../../shared/engine.ts'
import type { EngineError } from '../../shared/errors.ts'
import { asEngineError, type Engines, isAbort } from '../state/engines.ts'
import { shrink } from './decode.ts'
import { type Kind, nameOf } from './schedules.ts'

/** Longest side of the picture that walks, in pixels: a thousand steps of it take a moment. */
const side = 128
/** Steps between two looks at where the walk stands. */
const stride = 40

/** Where the chain is to go. */
export interface Goal {
  readonly picture: RGBAPicture
  readonly kind: Kind
  readonly bend: string
  readonly t: number
  readonly T: number
  readonly seed: string
}

/** Keeps the chain on its way to the newest goal, and shows where it stands after every few steps. */
export class Walker {
  readonly #engines: Engines
  readonly #show: (walked: Walked, kind: Kind) => void
  readonly #fail: (error: EngineError) => void
  #goal: Goal | undefined
  #walked: Goal | undefined
  #given: RGBAPicture | undefined
  #busy = false

  constructor(engines: Engines, show: (walked: Walked, kind: Kind) => void, fail: (error: EngineError) => void) {
    this.#engines = engines
    this.#show = show
    this.#fail = fail
  }

  /** Ends the walk where it is: there is something that must not wait. It goes on when it is wanted again. */
  rest(): void {
    this.#goal = undefined
    this.#walked = undefined
  }

  want(goal: Goal): void {
    const { picture, kind, bend, t, seed } = this.#goal ?? this.#walked ?? {}
    const bent = goal.kind === 'bent' && bend !== goal.bend
    if (picture === goal.picture && kind === goal.kind && !bent && t === goal.t && seed === goal.seed) return
    this.#goal = goal
    if (!this.#busy) void this.#work()
  }

  async #work(): Promise<void> {
    this.#busy = true
    let crashes = 0
    while (this.#goal) {
      const goal = this.#goal
      this.#goal = undefined
      this.#walked = goal
      try {
        await this.#walk(goal)
      } catch (thrown) {
        if (isAbort(thrown)) continue
        const error = asEngineError(thrown)
        this.#given = undefined
        // The engine has been replaced; once, that is tried without a word.
        if (error.kind === 'crashed' && crashes++ === 0) this.#goal ??= goal
        else {
          this.#walked = undefined
          this.#fail(error)
        }
      }
    }
    this.#busy = false
  }

  async #walk(goal: Goal): Promise<void> {
    const { picture, kind, bend, t, T, seed } = goal
    const engine: Engine = await this.#engines.open()
    if (this.#given !== picture) {
      await engine.setChain(await shrink(picture, side))
      this.#given = picture
    }
    let left = 1
    while (left > 0 && this.#walked === goal && !this.#goal) {
      const walked = await engine.walk({ schedule: nameOf(kind, bend), t, T, seed, most: stride })
      if (!walked) return
      left = walked.left
      this.#show(walked, kind)
    }
  }
}
