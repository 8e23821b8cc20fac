import type { ModelInfo, Pictures, RGBAPicture } from '../../shared/engine.ts'
import type { EngineError } from '../../shared/errors.ts'
import { rgba } from '../../shared/pictures.ts'
import { asEngineError, type Engines, isAbort, type LoadedEngine } from '../state/engines.ts'

/** How many steps the examples are drawn in: enough for pictures that are clean. */
const recipe = 'sampler=dpmpp&steps=12&seed=1'

/**
 * A few pictures of the model's size, of its own making, one a class, and beside them the visitor's own. They stand
 * for all pictures there are where that has to be a number one can sum over. Shared by the rooms of a page; fires
 * `change`.
 */
export class Examples extends EventTarget {
  static readonly #known = new WeakMap<Engines, Examples>()

  /** Those of a page's engine. */
  static of(engines: Engines): Examples {
    let examples = Examples.#known.get(engines)
    if (!examples) {
      examples = new Examples(engines)
      Examples.#known.set(engines, examples)
    }
    return examples
  }

  readonly #engines: Engines
  #made: readonly RGBAPicture[] = []
  #own: RGBAPicture | undefined
  #edition = 0
  #ready: Promise<LoadedEngine> | undefined
  #model: ModelInfo | undefined
  /** The hash of the model that was asked for last. */
  #asked = ''
  #error: EngineError | undefined

  private constructor(engines: Engines) {
    super()
    this.#engines = engines
    engines.addEventListener('change', () => {
      if (this.#model && engines.model?.hash !== this.#model.hash) this.#forget()
    })
  }

  /** The pictures, the visitor's own last; empty until they are there. */
  get pictures(): readonly RGBAPicture[] {
    return this.#own ? [...this.#made, this.#own] : this.#made
  }

  /** How many of them the model made, one for each of its classes. */
  get made(): number {
    return this.#made.length
  }

  get model(): ModelInfo | undefined {
    return this.#model
  }

  /** Counts how often the visitor gave a picture: the last one is another then. */
  get edition(): number {
    return this.#edition
  }

  /** Why they could not be had. */
  get error(): EngineError | undefined {
    return this.#error
  }

  /** The class that the network may be told of a picture; −1 where nobody knows. */
  classOf(index: number): number {
    return index < this.#made.length && (this.#model?.classes.length ?? 0) > 0 ? index : -1
  }

  /**
   * The engine with the model of that hash (see `Engines.openModel`), once it has the pictures. Rejects with an
   * `EngineError`, or as aborted where another run took the engine; the next call tries again.
   */
  open(hash = ''): Promise<LoadedEngine> {
    if (hash !== this.#asked && this.#engines.shipped.some((one) => one.hash === hash)) {
      this.#asked = hash
      if (this.#model?.hash !== hash) this.#forget()
    }
    if (this.#ready) return this.#ready
    const ready = this.#prepare().catch((thrown: unknown) => {
      // Of pictures that nobody waits for any more there is nothing to tell.
      if (this.#ready !== ready) throw thrown
      this.#ready = undefined
      // Another room's run came first: whoever comes back asks again.
      if (isAbort(thrown)) throw thrown
      this.#error = asEngineError(thrown)
      this.dispatchEvent(new Event('change'))
      throw this.#error
    })
    this.#ready = ready
    return ready
  }

  /** Takes the visitor's own picture, of the model's size, in place of the one before. */
  setOwn(picture: RGBAPicture): void {
    this.#own = picture
    this.#edition++
    this.#ready = this.#ready?.then((engine) => this.#give(engine))
    this.#ready?.catch(() => undefined) // told to whoever opens
    this.dispatchEvent(new Event('change'))
  }

  #forget(): void {
    this.#ready = this.#model = undefined
    this.#made = []
    this.dispatchEvent(new Event('change'))
  }

  async #prepare(): Promise<LoadedEngine> {
    this.#error = undefined
    const engine = await this.#engines.openModel(this.#asked)
    if (this.#model?.hash !== engine.model.hash || this.#made.length === 0) {
      const { classes, hash } = engine.model
      const count = classes.length || 10
      const asked = classes.length > 0 ? `0-${count - 1}` : 'none'
      let last: Pictures | undefined
      for await (const step of engine.run(`${recipe}&classes=${asked}&count=${count}`, { planes: ['x'] })) {
        last = step.pictures.x
      }
      if (engine.model.hash !== hash || !last) throw new Error('the model changed while its examples were drawn')
      this.#model = engine.model
      this.#asked = engine.model.hash
      this.#made = Array.from({ length: count }, (_, i) => rgba(last, i))
      if (this.#own?.width !== engine.model.imageSize) this.#own = undefined
    }
    return this.#give(engine)
  }

  async #give(engine: LoadedEngine): Promise<LoadedEngine> {
    const { pictures } = this
    const size = pictures[0]?.data.length ?? 0
    const all = new Uint8ClampedArray(size * pictures.length)
    for (const [i, picture] of pictures.entries()) all.set(picture.data, i * size)
    await engine.setExamples(all, pictures.length)
    this.dispatchEvent(new Event('change'))
    return engine
  }
}
