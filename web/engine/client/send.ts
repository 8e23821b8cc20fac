// A checkpoint on its way into a worker, which opens it as it comes.

import type { Checkpoint, ModelInfo } from '../../shared/engine.ts'
import { Hash } from './hash.ts'
import type { Link } from './link.ts'

/** Rejects with the worker's refusal, which need not wait for the rest, or with what has broken off the pieces. */
export async function send(link: Link, { size, pieces }: Checkpoint): Promise<ModelInfo> {
  const sum = Hash.of(size)
  let load = 0
  let over = false
  const loading = link.call('load', { size, hashed: sum !== undefined }, { onId: (id) => (load = id) })
  const sending = async () => {
    let hash: string | undefined
    try {
      for await (const piece of pieces) {
        if (over) return
        sum?.add(piece)
        const bytes = piece.length === piece.buffer.byteLength ? piece.buffer : piece.slice().buffer
        tell(link.call('piece', { load, bytes }, { transfer: [bytes] }))
      }
      hash = (await sum?.name()) ?? ''
    } finally {
      tell(link.call('end', { load, hash }))
    }
  }
  const [info] = await Promise.all([loading.finally(() => (over = true)), sending()])
  return info
}

/** What becomes of it is what becomes of the load. */
function tell(call: Promise<null>): void {
  call.catch(() => undefined)
}
