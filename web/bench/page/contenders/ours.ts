// The engine that visitors get, in as many workers as there are threads; each takes its share of the images. How it
// comes to a page is page.ts's affair.

import type { ModelInfo } from '../../../shared/engine.ts'
import { fetchModel } from '../../../engine/client/fetch.ts'
import type { Batch, Evaluation, Network, Opened } from '../contender.ts'
import type { Reply, Request } from '../workers/engine.ts'

/** A worker that answers in the order in which it is asked. */
class Engine {
  readonly #worker = new Worker(new URL('../workers/engine.ts', import.meta.url), { type: 'module' })
  readonly #waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void }[] = []

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      const waiting = this.#waiting.shift()
      if (data.error === undefined) waiting?.resolve(data)
      else waiting?.reject(new Error(data.error))
    }
    this.#worker.onerror = ({ message }) => this.#waiting.shift()?.reject(new Error(message))
  }

  ask(request: Request, transfer: Transferable[] = []): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#worker.postMessage(request, transfer)
    })
  }

  close(): void {
    this.#worker.terminate()
  }
}

/** The model as the engine describes it, and ᾱ_t of its schedule. */
export interface Described {
  readonly info: ModelInfo
  readonly alphaBar: Float64Array
}

export interface OursOpened extends Opened {
  readonly described: Described
}

export async function open(network: Network, threads: number): Promise<OursOpened> {
  const engines = Array.from({ length: threads }, () => new Engine()) // while the files are on their way
  const compiled = WebAssembly.compileStreaming(fetch('engine.wasm'))
  const started = compiled.then((module) => Promise.all(engines.map((engine) => engine.ask({ kind: 'start', module }))))
  const source = fetchModel(network.checkpoint)
  await started
  const load = async (engine: Engine) => {
    const { size, pieces } = await source()
    const file = new Uint8Array(size)
    let at = 0
    for await (const piece of pieces) {
      file.set(piece, at)
      at += piece.length
    }
    return engine.ask({ kind: 'load', file: file.buffer }, [file.buffer])
  }
  const [loaded] = await Promise.all(engines.map(load))
  if (!loaded?.described) throw new Error('the engine did not describe its model')
  return {
    described: loaded.described,
    prepare: (batch) => prepare(engines, batch),
    close: async () => engines.forEach((engine) => engine.close()),
  }
}

async function prepare(engines: readonly Engine[], batch: Batch): Promise<Evaluation> {
  const size = batch.x.length / batch.count
  const bounds = engines.map((_, i) => Math.round((i * batch.count) / engines.length))
  const busy = engines.filter((_, i) => (bounds[i + 1] ?? batch.count) > (bounds[i] as number))
  await Promise.all(
    engines.map((engine, i) => {
      const from = bounds[i] as number
      const to = bounds[i + 1] ?? batch.count
      return engine.ask({
        kind: 'prepare',
        x: batch.x.slice(from * size, to * size),
        t: batch.t.slice(from, to),
        y: batch.y.slice(from, to),
      })
    }),
  )
  return {
    layout: 'NHWC',
    async run() {
      const parts = await Promise.all(busy.map((engine) => engine.ask({ kind: 'run' })))
      const out = new Float32Array(batch.x.length)
      let at = 0
      for (const { eps } of parts) {
        out.set(eps as Float32Array, at)
        at += (eps as Float32Array).length
      }
      return out
    },
    close: () => {},
  }
}
