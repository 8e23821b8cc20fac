import { fetchModel } from '../../engine/client/fetch.ts'
import { openEngine } from '../../engine/client/open.ts'
import type { Engine, ModelInfo } from '../../shared/engine.ts'
import { EngineError } from '../../shared/errors.ts'
import { painted } from '../parts/turns.ts'

export interface LoadedEngine extends Engine {
  readonly model: ModelInfo
}

// A glob, so that the page can be built, and its rooms that need no weights used, where there are none yet.
const models = import.meta.glob<string>('../../../weights/*.safetensors', {
  query: '?url',
  import: 'default',
  eager: true,
})

/**
 * The page's engine and its model. Opening either may fail (no connection, a
 * blocked file, a browser without WebAssembly) and can always be tried again;
 * without the model all that needs none goes on. Fires `change`.
 */
export class Engines extends EventTarget {
  readonly #modelURL: string | undefined
  #engine: Promise<Engine> | undefined
  #model: Promise<ModelInfo> | undefined
  #info: ModelInfo | undefined

  constructor(modelURL = models['../../../weights/digits.safetensors']) {
    super()
    this.#modelURL = modelURL
  }

  /** The model, once it is loaded. */
  get model(): ModelInfo | undefined {
    return this.#info
  }

  /** The engine, opened once. Rejects with an `EngineError`, and the next call tries again. */
  open(): Promise<Engine> {
    // What can be seen already goes first: the engine's download and its start would hold it up.
    this.#engine ??= painted()
      .then(() => openEngine())
      .catch((thrown: unknown) => {
        this.#engine = undefined
        throw asEngineError(thrown)
      })
    return this.#engine
  }

  /** The engine with its model. Rejects as `open` does. */
  async openModel(): Promise<LoadedEngine> {
    this.#model ??= this.#load().catch((thrown: unknown) => {
      this.#model = undefined
      throw asEngineError(thrown)
    })
    await this.#model
    return (await this.open()) as LoadedEngine
  }

  async #load(): Promise<ModelInfo> {
    if (this.#modelURL === undefined) {
      throw new EngineError('missing', 'model', 'The page was built without weights/digits.safetensors.')
    }
    // Both at a time; an engine that cannot be had is what is told first.
    const [engine, file] = await Promise.allSettled([this.open(), fetchModel(this.#modelURL)])
    if (engine.status === 'rejected') throw engine.reason
    if (file.status === 'rejected') throw file.reason
    this.#info = await engine.value.load(file.value)
    this.dispatchEvent(new Event('change'))
    return this.#info
  }
}

/** What is not an EngineError is a fault of ours: it is told as a crash rather than lost. */
export function asEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error
  return new EngineError('crashed', 'worker', error instanceof Error ? error.message : String(error), { cause: error })
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}
