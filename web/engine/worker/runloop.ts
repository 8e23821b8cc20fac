// A run, step after step, in turns with the worker's messages.

import type { Pictures, Plane } from '../../shared/engine.ts'
import type { Calls, StepEvent } from '../../shared/protocol.ts'
import { joined } from '../../shared/pictures.ts'
import { CoreError, type Core } from './core.ts'

/**
 * The network takes one image at a time and noise is keyed by image, so a batch can be cut at will, down
 * to single images. Between parts the worker looks at its messages, which takes some microseconds: this
 * is how long Cancel waits, and how often progress is told.
 */
const imagesPerPart = 1

export class RunLoop {
  readonly #going = new Map<number, { cancelled: boolean }>()
  readonly #emit: (id: number, step: StepEvent, transfer: Transferable[]) => void
  readonly #turn = new Turn()

  constructor(emit: (id: number, step: StepEvent, transfer: Transferable[]) => void) {
    this.#emit = emit
  }

  cancel(id: number): void {
    const run = this.#going.get(id)
    if (run) run.cancelled = true
  }

  async run(core: Core, id: number, args: Calls['run']['args']): Promise<Calls['run']['result']> {
    if (!args.beside) for (const other of this.#going.values()) other.cancelled = true
    const me = { cancelled: false }
    this.#going.set(id, me)
    const parts: { first: number; run: number }[] = []
    // Not in a `finally`: after a trap there is nothing left to end.
    const end = () => {
      for (const part of parts) core.endRun(part.run)
      this.#going.delete(id)
    }
    const { recipe, beginning, together } = args
    try {
      if (beginning) core.setBeginning(beginning)
      const most = together ? args.count : imagesPerPart
      for (let first = args.first; first < args.first + args.count; first += most) {
        const count = Math.min(most, args.first + args.count - first)
        const run = beginning ? core.beginFrom(beginning, recipe, first, count) : core.beginRun(recipe, first, count)
        parts.push({ first, run })
      }
    } catch (error) {
      if (error instanceof CoreError) end()
      throw error
    }
    for (;;) {
      for (const part of parts) {
        await this.#turn.next()
        if (me.cancelled) {
          end()
          return { finished: false, values: undefined }
        }
        const step = core.step(part.run)
        if (!step) {
          const values = beginning?.kind === 'encode' ? joined(parts.map(({ run }) => core.stepValues(run))) : undefined
          end()
          return { finished: true, values }
        }
        const pictures: Partial<Record<Plane, Pictures>> = {}
        for (const plane of args.planes) pictures[plane] = core.stepPictures(part.run, step, plane)
        const { index, of, t, sigma, count } = step
        this.#emit(
          id,
          { index, of, t, sigma, first: part.first, count, pictures },
          Object.values(pictures).map((p) => p.bytes.buffer),
        )
      }
    }
  }
}

/**
 * A turn of the event loop through a MessageChannel: timers are clamped, and `scheduler.yield` lets no
 * message in. Two channels take turns, since Node empties a port, including what comes in meanwhile,
 * before it looks at the next.
 */
class Turn {
  readonly #channels = [new MessageChannel(), new MessageChannel()] as const
  readonly #waiting: (() => void)[] = []
  #turn = 0

  constructor() {
    for (const { port1 } of this.#channels) port1.onmessage = () => this.#waiting.shift()?.()
  }

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#turn ^= 1
      this.#channels[this.#turn as 0 | 1].port2.postMessage(null)
    })
  }
}
