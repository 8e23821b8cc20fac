// wasm/bench in a worker: it has the layers, this has the clock.

import { WASI } from '../../../engine/worker/wasi.ts'
import type { LayerTime, Measured } from '../layers.ts'

interface Exports extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory
  readonly _initialize: () => void
  readonly Text: () => number
  readonly Open: (length: number) => number
  readonly Run: (layer: number, times: number) => void
  readonly Ceiling: (rounds: number) => number
}

async function open(): Promise<Exports> {
  const wasi = new WASI()
  const { instance } = await WebAssembly.instantiateStreaming(fetch('../bench.wasm'), {
    wasi_snapshot_preview1: wasi.imports,
  })
  const exports = instance.exports as Exports
  wasi.attach(exports.memory)
  exports._initialize()
  return exports
}

/** Milliseconds for one call of work(n)'s n: the median of five bursts of some 100 ms. */
function time(work: (times: number) => void): number {
  let times = 1
  const burst = () => {
    const start = performance.now()
    work(times)
    return performance.now() - start
  }
  while (burst() < 20) times *= 2
  times *= 5
  const all = Array.from({ length: 5 }, burst).sort((a, b) => a - b)
  return (all[2] as number) / times
}

async function measure(network: string): Promise<Measured> {
  const core = await open()
  const text = new TextEncoder().encode(network)
  new Uint8Array(core.memory.buffer, core.Text(), text.length).set(text)
  const length = core.Open(text.length)
  if (length < 0) throw new Error(`there is no network ${network}`)
  const list = new TextDecoder().decode(new Uint8Array(core.memory.buffer, core.Text(), length).slice())
  const perRound = core.Ceiling(1)
  const arithmetic = () => (1000 * perRound) / time((n) => core.Ceiling(n))
  const before = arithmetic()
  const from = new Uint8Array(64 << 20).fill(1)
  const to = new Uint8Array(from.length)
  const bandwidth =
    (1000 * 2 * from.length) /
    time((n) => {
      for (let i = 0; i < n; i++) to.set(from)
    })
  const layers = list
    .trimEnd()
    .split('\n')
    .map((line, i): LayerTime => {
      const [name, count, multiplyAdds, bytes] = line.split('\t') as [string, string, string, string]
      return {
        name,
        count: Number(count),
        multiplyAdds: Number(multiplyAdds),
        bytes: Number(bytes),
        milliseconds: time((n) => core.Run(i, n)),
      }
    })
  // What disturbs the machine only lowers it.
  return { ceiling: Math.max(before, arithmetic()), bandwidth, layers }
}

onmessage = async ({ data }: MessageEvent<string>) => {
  const measured = await measure(data)
  postMessage(measured)
}
