import type { Explained, ScheduleTables } from '../../shared/engine.ts'
import type { EngineError } from '../../shared/errors.ts'
import { asEngineError, isAbort } from '../state/engines.ts'
import type { State } from '../state/table.ts'
import type { Examples } from './examples.ts'

/** Points of a density: more than a chart has pixels would not be seen. */
const points = 320

export interface Asked {
  readonly index: number
  readonly t: number
  readonly classIndex: number
  readonly seed: string
  readonly variance: State['sigma']
  readonly element: number
}

/** Has the engine explain what is asked, the latest only. Fires `change`. */
export class Explainer extends EventTarget {
  readonly #examples: Examples
  #asked = ''
  #step: Explained | undefined
  #error: EngineError | undefined

  constructor(examples: Examples) {
    super()
    this.#examples = examples
  }

  /** The latest step that was explained: while a newer one is on its way, the one before. */
  get step(): Explained | undefined {
    return this.#step
  }

  get error(): EngineError | undefined {
    return this.#error
  }

  /** Asks again even for what was asked before: the picture behind an index is another, or the engine failed. */
  forget(): void {
    this.#asked = ''
    this.#error = undefined
  }

  async ask(asked: Asked): Promise<void> {
    const text = JSON.stringify(asked)
    if (text === this.#asked) return
    this.#asked = text
    try {
      const engine = await this.#examples.open()
      const index = Math.min(asked.index, this.#examples.pictures.length - 1)
      const { imageSize, channels, timesteps } = engine.model
      const element = Math.min(asked.element, imageSize * imageSize * channels - 1)
      const t = Math.min(asked.t, timesteps)
      const step = await engine.explain({ ...asked, index, t, element, points })
      if (!step) return
      this.#step = step
      this.#error = undefined
    } catch (thrown) {
      if (isAbort(thrown)) return
      this.#asked = ''
      this.#error = asEngineError(thrown)
    }
    this.dispatchEvent(new Event('change'))
  }
}

/** The tables of the model's own chain; its schedule is one that the core knows by name. */
export async function chainOf(examples: Examples): Promise<ScheduleTables> {
  const engine = await examples.open()
  return engine.schedule(engine.model.schedule as ScheduleTables['name'], engine.model.timesteps)
}
