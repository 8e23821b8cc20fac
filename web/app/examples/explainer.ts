import type { Explained, ModelInfo, ScheduleTables } from '../../shared/engine.ts'
import type { EngineError } from '../../shared/errors.ts'
import { asEngineError, type Engines, isAbort } from '../state/engines.ts'
import { fit, initialRecipe } from '../generate/fit.ts'
import type { Store } from '../state/store.ts'
import { Examples } from './examples.ts'

/** Points of a density: more than a chart has pixels would not be seen. */
const points = 320

/**
 * What the rooms on the theory have in common: the examples, the model's own chain, and one step of it that the
 * engine explains as the state asks, the latest only. Fires `change`.
 */
export class Explainer extends EventTarget {
  readonly examples: Examples
  readonly #store: Store
  #asked = ''
  #step: Explained | undefined
  #chain: ScheduleTables | undefined
  /** The model whose chain it is. */
  #hash = ''
  #error: EngineError | undefined

  constructor(engines: Engines, store: Store) {
    super()
    this.#store = store
    this.examples = Examples.of(engines)
    // The pictures behind the indices are others then, or the model is.
    this.examples.addEventListener('change', () => this.#forget())
  }

  /** The latest step that was explained: while a newer one is on its way, the one before. */
  get step(): Explained | undefined {
    return this.#step
  }

  /** The tables of the model's chain. */
  get chain(): ScheduleTables | undefined {
    return this.#chain
  }

  /** T. */
  get end(): number {
    return this.examples.model?.timesteps ?? 1000
  }

  /** The nearest index of a picture that there is. */
  index(pick: number): number {
    return Math.min(pick, Math.max(0, this.examples.pictures.length - 1))
  }

  get error(): EngineError | undefined {
    return this.examples.error ?? this.#error
  }

  /** Has the step explained that the state asks for, of the model that it names. */
  async ask(): Promise<void> {
    const { model, pick, step: t, sigma: variance, told, noise: seed, pixel } = this.#store.state
    const asked = this.#question()
    if (this.error || asked === this.#asked) return
    this.#asked = asked
    try {
      const engine = await this.examples.open(model)
      this.#settle(engine.model, model)
      this.#limit(engine.model)
      if (this.#asked === asked) this.#asked = this.#question()
      const { imageSize, channels, timesteps, schedule, hash } = engine.model
      if (this.#hash !== hash) {
        this.#chain = await engine.schedule(schedule, timesteps)
        this.#hash = hash
      }
      const index = this.index(pick)
      const classIndex = told ? this.examples.classOf(index) : -1
      // The green of a coloured pixel stands for it.
      const element = Math.min(pixel, imageSize * imageSize - 1) * channels + Math.floor(channels / 2)
      const request = { index, t: Math.min(t, timesteps), classIndex, seed, variance, element, points }
      const step = await engine.explain(request)
      if (!step) return
      this.#step = step
    } catch (thrown) {
      this.#asked = ''
      if (isAbort(thrown)) return
      this.#error = asEngineError(thrown)
    }
    this.dispatchEvent(new Event('change'))
  }

  #question(): string {
    const { model, pick, step, sigma, told, noise, pixel } = this.#store.state
    return JSON.stringify([model, pick, step, sigma, told, noise, pixel])
  }

  /** Another network, by its hash; what is chosen of the picture stays as far as it can. */
  choose(hash: string): void {
    this.#store.set({ ...initialRecipe(), model: hash, classes: '', branch: '' }, 'push')
  }

  /** Tries again after an error. Resolves when the examples are there, or are not to be had. */
  async retry(): Promise<void> {
    this.#forget()
    await this.examples.open(this.#store.state.model).catch(() => undefined) // told by the examples
  }

  /** Fits the state to the network that came, and tells what a link asked of it in vain. */
  #settle(model: ModelInfo, asked: string): void {
    const { state } = this.#store
    if (state.model !== asked || (asked === model.hash && state.classes !== '')) return
    const { patch, faults } = fit(state, model, (key) => this.#store.isGiven(key))
    this.#store.set(patch, 'replace')
    if (faults.length > 0) this.#store.setFaults([...this.#store.faults, ...faults])
  }

  /** Of what a link gave, what is more than there is becomes the most that there is, and that is told. */
  #limit({ timesteps, imageSize }: ModelInfo): void {
    const limits = [
      ['pick', 0, this.examples.pictures.length - 1],
      ['step', 2, timesteps],
      ['pixel', 0, imageSize ** 2 - 1],
      ['walkSteps', 1, timesteps],
    ] as const
    for (const [key, low, high] of limits) {
      const given = this.#store.state[key]
      if (given <= high || !this.#store.isGiven(key)) continue
      this.#store.set({ [key]: high }, 'replace')
      const fault = { why: 'value', key, given: String(given), used: String(high), wanted: `${low}–${high}` } as const
      this.#store.setFaults([...this.#store.faults, fault])
    }
  }

  #forget(): void {
    this.#asked = ''
    this.#error = undefined
    this.dispatchEvent(new Event('change'))
  }
}
