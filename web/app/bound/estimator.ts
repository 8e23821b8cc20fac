import type { BoundRequest, BoundTerm } from '../../shared/engine.ts'
import type { EngineError } from '../../shared/errors.ts'
import type { Examples } from '../examples/examples.ts'
import { asEngineError, isAbort } from '../state/engines.ts'

/** Rounds after which the error hardly shrinks any more while one waits. */
export const enough = 60

/** Terms of the bound as they come in, and what is known of all of it. Fires `change`, once a frame at most. */
export class Estimator extends EventTarget {
  readonly #examples: Examples
  #abort: AbortController | undefined
  #terms: BoundTerm[] = []
  #error: EngineError | undefined
  #frame: number | undefined

  constructor(examples: Examples) {
    super()
    this.#examples = examples
  }

  get terms(): readonly BoundTerm[] {
    return this.#terms
  }

  get last(): BoundTerm | undefined {
    return this.#terms.at(-1)
  }

  get busy(): boolean {
    return this.#abort !== undefined
  }

  get error(): EngineError | undefined {
    return this.#error
  }

  /** Begins anew, up to `enough` rounds. */
  async start(request: BoundRequest): Promise<void> {
    this.stop()
    const abort = new AbortController()
    this.#abort = abort
    this.#terms = []
    this.#error = undefined
    this.#tell()
    try {
      const engine = await this.#examples.open()
      abort.signal.throwIfAborted()
      for await (const term of engine.bound(request, abort.signal)) {
        this.#terms.push(term)
        this.#soon()
        if (term.rounds >= enough) break
      }
    } catch (thrown) {
      if (this.#abort === abort && !isAbort(thrown)) this.#error = asEngineError(thrown)
    }
    if (this.#abort !== abort) return
    this.#abort = undefined
    this.#tell()
  }

  /** Keeps what is there. */
  stop(): void {
    this.#abort?.abort()
    this.#abort = undefined
    this.#tell()
  }

  #soon(): void {
    this.#frame ??= requestAnimationFrame(() => this.#tell())
  }

  #tell(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#frame = undefined
    this.dispatchEvent(new Event('change'))
  }
}
