// The engine as the page opens it, its client and worker included: what a visitor waits for, and what that holds.

import { fetchModel } from '../../../engine/client/fetch.ts'
import { openEngine } from '../../../engine/client/open.ts'
import type { Engine } from '../../../shared/engine.ts'
import type { Batch, Evaluation, Network, Opened } from '../contender.ts'

export async function open(network: Network): Promise<Opened> {
  const opening = openEngine({ workers: 1 })
  const model = fetchModel(network.checkpoint)
  const engine = await opening
  await engine.load(model)
  return { prepare: async (batch) => prepare(engine, batch), close: async () => engine.close() }
}

function prepare(engine: Engine, { count, x, t, y }: Batch): Evaluation {
  const size = x.length / count
  return {
    layout: 'NHWC',
    async run() {
      const out = new Float32Array(x.length)
      for (let i = 0; i < count; i++) {
        const image = x.subarray(i * size, (i + 1) * size)
        out.set(await engine.predict(image, (t[i] as number) + 1, y[i] as number), i * size)
      }
      return out
    },
    close: () => {},
  }
}
