// One engine, as web/engine/worker has it, asked for ε alone.

import type { ModelInfo } from '../../../shared/engine.ts'
import { Arrival } from '../../../engine/worker/arrival.ts'
import { Core } from '../../../engine/worker/core.ts'

export type Request =
  | { kind: 'start'; module: WebAssembly.Module }
  | { kind: 'load'; file: ArrayBuffer }
  | { kind: 'prepare'; x: Float32Array<ArrayBuffer>; t: number[]; y: number[] }
  | { kind: 'run' }

export interface Reply {
  readonly error?: string
  readonly described?: { info: ModelInfo; alphaBar: Float64Array }
  readonly eps?: Float32Array<ArrayBuffer>
}

let core: Core | undefined
let images: { x: Float32Array<ArrayBuffer>; t: number; y: number }[] = []

async function answer(request: Request): Promise<Reply> {
  if (request.kind === 'start') {
    core = await Core.open(request.module)
    return {}
  }
  if (!core) throw new Error('no engine was started')
  if (request.kind === 'load') {
    const info = await core.load(Arrival.of(request.file))
    const { alphaBar } = core.schedule(info.schedule, info.timesteps)
    return { described: { info, alphaBar } }
  }
  if (request.kind === 'prepare') {
    const size = request.x.length / request.t.length
    images = request.t.map((t, i) => ({
      x: request.x.slice(i * size, (i + 1) * size),
      t: t + 1,
      y: request.y[i] ?? -1,
    }))
    return {}
  }
  const eps = new Float32Array(images.reduce((sum, { x }) => sum + x.length, 0))
  let at = 0
  for (const { x, t, y } of images) {
    eps.set(core.predict(x, t, y), at)
    at += x.length
  }
  return { eps }
}

onmessage = async ({ data }: MessageEvent<Request>) => {
  try {
    const reply = await answer(data)
    postMessage(reply, { transfer: reply.eps ? [reply.eps.buffer] : [] })
  } catch (error) {
    postMessage({ error: String(error) } satisfies Reply)
  }
}
