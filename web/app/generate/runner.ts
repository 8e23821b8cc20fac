import type { Engine, ModelInfo, Recipe, RunOptions } from '../../shared/engine.ts'
import type { EngineError } from '../../shared/errors.ts'
import { asEngineError, type Engines, isAbort, type LoadedEngine } from '../state/engines.ts'
import type { Shipped } from '../state/shipped.ts'
import { Film } from './film.ts'

/** What a film needs of a run. */
const planes = ['x', 'x0'] as const

export type RunState =
  | { readonly name: 'idle' }
  | { readonly name: 'loading' }
  | { readonly name: 'running'; readonly share: number; readonly remaining: number | undefined }
  | { readonly name: 'done'; readonly elapsed: number }
  | { readonly name: 'cancelled' }
  | { readonly name: 'failed'; readonly error: EngineError }

export interface Start {
  /** The hash of a model; '' is the one that is there. */
  readonly model: string
  /** Gives the recipe's text once the engine is open, and with it the model. */
  choose(model: ModelInfo): string
  /** Gives what else the run should be told. */
  prepare?(engine: LoadedEngine, recipe: Recipe, signal: AbortSignal): RunOptions | Promise<RunOptions>
}

/** Runs recipes, one at a time, and keeps what came of the latest. Fires `change`. */
export class Runner extends EventTarget {
  readonly #engines: Engines
  #abort: AbortController | undefined
  #state: RunState = { name: 'idle' }
  #film = new Film()
  #recipe: Recipe | undefined
  #model: ModelInfo | undefined
  #file: Shipped | undefined
  #asked = ''
  #frame: number | undefined

  constructor(engines: Engines) {
    super()
    this.#engines = engines
  }

  get state(): RunState {
    return this.#state
  }

  get busy(): boolean {
    return this.#state.name === 'loading' || this.#state.name === 'running'
  }

  get film(): Film {
    return this.#film
  }

  /** The recipe of the film, as the core read it. */
  get recipe(): Recipe | undefined {
    return this.#recipe
  }

  /** The network that drew the film: the page may have another by now. */
  get model(): ModelInfo | undefined {
    return this.#model
  }

  /** The file of that network. */
  get file(): Shipped | undefined {
    return this.#file
  }

  /** The recipe's text as it was asked for. */
  get asked(): string {
    return this.#asked
  }

  /** Draws from the model of that hash (see `Engines.openModel`). */
  async start({ model, choose, prepare }: Start): Promise<void> {
    this.#abort?.abort()
    const abort = new AbortController()
    this.#abort = abort
    this.#change({ name: 'loading' })
    try {
      const engine = await this.#engines.openModel(model)
      abort.signal.throwIfAborted()
      const recipe = choose(engine.model)
      this.#asked = recipe
      const read = await engine.parseRecipe(recipe)
      abort.signal.throwIfAborted()
      const options = (await prepare?.(engine, read, abort.signal)) ?? {}
      abort.signal.throwIfAborted()
      this.#recipe = read
      this.#model = engine.model
      this.#file = this.#engines.file
      this.#film = new Film()
      const elapsed = await this.#follow(engine, read, abort.signal, options)
      if (this.#abort === abort) this.#change({ name: 'done', elapsed })
    } catch (thrown) {
      // A run that was replaced has nothing to say any more.
      if (this.#abort !== abort) return
      if (isAbort(thrown)) this.#change({ name: 'cancelled' })
      else this.#change({ name: 'failed', error: asEngineError(thrown) })
    }
  }

  cancel(): void {
    this.#abort?.abort()
    // What is still loading cannot be stopped, but need not be waited for.
    if (this.#state.name === 'loading') this.#change({ name: 'cancelled' })
  }

  async #follow(engine: Engine, recipe: Recipe, signal: AbortSignal, options: RunOptions): Promise<number> {
    let elapsed = 0
    this.#change({ name: 'running', share: 0, remaining: undefined })
    const onProgress = ({ share, remaining }: { share: number; remaining: number }) => {
      if (!signal.aborted) this.#change({ name: 'running', share, remaining })
    }
    for await (const step of engine.run(recipe.text, { planes, ...options, signal, onProgress })) {
      signal.throwIfAborted()
      elapsed = step.elapsed
      this.#film.add(step)
      this.#change({ name: 'running', share: step.index / step.of, remaining: step.remaining })
    }
    return elapsed
  }

  // Steps may come faster than a screen can show them, and drawing each would
  // leave no time for the Cancel button: while running, once a frame is enough.
  #change(state: RunState): void {
    const turn = state.name !== 'running' || this.#state.name !== 'running'
    this.#state = state
    if (turn) this.#tell()
    else this.#frame ??= requestAnimationFrame(() => this.#tell())
  }

  #tell(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#frame = undefined
    this.dispatchEvent(new Event('change'))
  }
}
