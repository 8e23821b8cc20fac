import shippedWeights from 'virtual:weights'
import { fetchModel, mistrust } from '../../engine/client/fetch.ts'
import { openEngine } from '../../engine/client/open.ts'
import type { Engine, ModelInfo } from '../../shared/engine.ts'
import { EngineError } from '../../shared/errors.ts'
import { painted } from '../parts/turns.ts'
import type { Shipped } from './shipped.ts'

export interface LoadedEngine extends Engine {
  readonly model: ModelInfo
}

/** The model that a visitor meets first. */
const first = 'digits.safetensors'

/**
 * The page's engine and its models, of which one is loaded at a time. Opening either may fail (no connection, a
 * blocked file, a browser without WebAssembly) and can always be tried again;
 * without the model all that needs none goes on. Fires `change`.
 */
export class Engines extends EventTarget {
  /** What the page was built with. */
  readonly shipped: readonly Shipped[]
  readonly #start: () => Promise<Engine>
  #engine: Promise<Engine> | undefined
  /** Which is loaded, or on its way. */
  #wanted: Shipped | undefined
  #model: Promise<ModelInfo> | undefined
  #info: ModelInfo | undefined

  constructor(shipped = shippedWeights, start = openSoon) {
    super()
    this.shipped = shipped
    this.#start = start
  }

  /** The model, once it is loaded. */
  get model(): ModelInfo | undefined {
    return this.#info
  }

  /** The file of the model. */
  get file(): Shipped | undefined {
    return this.#wanted
  }

  /** The file that `openModel` would load. */
  fileOf(hash: string): Shipped | undefined {
    const named = this.shipped.find((one) => one.hash === hash)
    return named ?? this.#wanted ?? this.shipped.find(({ file }) => file === first) ?? this.shipped[0]
  }

  /** The engine, opened once. Rejects with an `EngineError`, and the next call tries again. */
  open(): Promise<Engine> {
    this.#engine ??= this.#start().catch((thrown: unknown) => {
      this.#engine = undefined
      throw asEngineError(thrown)
    })
    return this.#engine
  }

  /**
   * The engine with the model of that hash; of one that the page does not have, or without a hash, with the model
   * that is there, or else the first. Rejects as `open` does, and with an `AbortError` when it is put to rest meanwhile.
   */
  async openModel(hash = ''): Promise<LoadedEngine> {
    const wanted = this.fileOf(hash)
    if (!this.#model || wanted !== this.#wanted) {
      const before = this.#model
      this.#wanted = wanted
      const model = this.#load(wanted, before).catch((thrown: unknown) => {
        if (this.#model === model) this.#model = undefined
        throw isAbort(thrown) ? thrown : asEngineError(thrown)
      })
      this.#model = model
    }
    await this.#model
    return (await this.open()) as LoadedEngine
  }

  /** Ends what it is doing and gives its memory back, until it is asked for again. */
  rest(): void {
    this.#engine?.then(
      (engine) => engine.rest(),
      () => undefined, // there is none
    )
  }

  async #load(wanted: Shipped | undefined, before: Promise<unknown> | undefined): Promise<ModelInfo> {
    if (!wanted) throw new EngineError('missing', 'model', 'The page was built without any weights/*.safetensors.')
    // Both at a time; an engine that cannot be had is what is told first.
    const opening = this.open()
    await painted()
    const file = fetchModel(wanted.url)
    const [engine] = await Promise.allSettled([opening, before])
    if (engine.status === 'rejected') throw engine.reason
    try {
      this.#info = await engine.value.load(file)
    } catch (thrown) {
      if (thrown instanceof EngineError && thrown.kind === 'corrupt') mistrust(wanted.url)
      throw thrown
    }
    this.dispatchEvent(new Event('change'))
    return this.#info
  }
}

/** What can be seen already goes first: the engine's download and its start would hold it up. */
async function openSoon(): Promise<Engine> {
  await painted()
  return openEngine()
}

/** What is not an EngineError is a fault of ours: it is told as a crash rather than lost. */
export function asEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error
  return new EngineError('crashed', 'worker', error instanceof Error ? error.message : String(error), { cause: error })
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}
