// One worker as the client sees it: requests and their replies, and what is left when it dies.

import { EngineError } from '../../shared/errors.ts'
import type { CallName, Calls, Reply, Request, StepEvent } from '../../shared/protocol.ts'

/** What the client needs of a Worker. Tests put a host in the same thread behind one. */
export interface WorkerLike {
  postMessage(message: Request, transfer: Transferable[]): void
  onmessage: ((event: MessageEvent<Reply>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  terminate(): void
}

interface Pending {
  resolve(value: unknown): void
  reject(error: unknown): void
  step: ((step: StepEvent) => void) | undefined
}

export interface CallOptions {
  readonly transfer?: Transferable[]
  /** Takes the steps of a `run`. */
  readonly onStep?: (step: StepEvent) => void
  /** Told the request's id, by which a run is cancelled. */
  readonly onId?: (id: number) => void
}

export class Link {
  readonly #worker: WorkerLike
  readonly #pending = new Map<number, Pending>()
  readonly #onCrash: (error: EngineError) => void
  #lastId = 0
  #heard = false
  #ended: unknown

  /** `onCrash` is called once, after every pending call has been rejected with the same error. */
  constructor(worker: WorkerLike, onCrash: (error: EngineError) => void) {
    this.#worker = worker
    this.#onCrash = onCrash
    worker.onmessage = (event) => this.#receive(event.data)
    worker.onerror = (event) => {
      event.preventDefault()
      // A worker whose script cannot be fetched errs without a message, before it says anything.
      this.#crash(
        this.#heard || event.message
          ? new EngineError('crashed', 'worker', `The engine's worker failed: ${event.message}`)
          : new EngineError(
              'missing',
              'worker',
              `The engine's worker could not be loaded: no connection, or it is blocked.`,
            ),
      )
    }
  }

  call<K extends CallName>(call: K, args: Calls[K]['args'], options: CallOptions = {}): Promise<Calls[K]['result']> {
    if (this.#ended) return Promise.reject(this.#ended)
    const id = ++this.#lastId
    options.onId?.(id)
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, step: options.onStep })
      this.#worker.postMessage({ id, call, args } as Request, options.transfer ?? [])
    })
  }

  /** Ends the worker; pending and later calls reject with the reason. */
  close(reason: unknown): void {
    this.#ended ??= reason
    this.#worker.terminate()
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    for (const { reject } of pending) reject(this.#ended)
  }

  #crash(error: EngineError): void {
    if (this.#ended) return
    this.close(error)
    this.#onCrash(error)
  }

  #receive(reply: Reply): void {
    this.#heard = true
    if (reply.type === 'crash') {
      this.#crash(new EngineError('crashed', 'engine', `The engine crashed: ${reply.message}`))
      return
    }
    const pending = this.#pending.get(reply.id)
    if (!pending) return
    if (reply.type === 'step') {
      pending.step?.(reply.step)
      return
    }
    this.#pending.delete(reply.id)
    if (reply.type === 'result') pending.resolve(reply.value)
    else pending.reject(new EngineError(reply.error.kind, reply.error.subject, reply.error.message))
  }
}
