import { startWorker } from '../../engine/client/spawn.ts'
import type { RGBAPicture } from '../../shared/engine.ts'
import { EngineError } from '../../shared/errors.ts'
import type { SampleName } from './paint.ts'
import painter from './painter.ts?worker&url'

export type { SampleName } from './paint.ts'

/** Who is there only while there is something to paint: pictures are asked for when a room is entered. */
let worker: Worker | undefined
const waiting: PromiseWithResolvers<RGBAPicture>[] = []

/** Paints a sample picture, in a thread of its own. */
export function sample(name: SampleName, size: number): Promise<RGBAPicture> {
  worker ??= begin()
  worker.postMessage({ name, size })
  const asked = Promise.withResolvers<RGBAPicture>()
  waiting.push(asked)
  return asked.promise
}

/** A painter, who answers in the order in which it is asked. */
function begin(): Worker {
  const begun = startWorker(painter, 'painter')
  begun.onmessage = ({ data }: MessageEvent<RGBAPicture>) => {
    waiting.shift()?.resolve(data)
    if (waiting.length === 0) end()
  }
  begun.onerror = ({ message }) => {
    const error = new EngineError('missing', 'picture', message || 'The painter of the samples did not arrive.')
    for (const { reject } of waiting.splice(0)) reject(error)
    end()
  }
  return begun
}

function end(): void {
  worker?.terminate()
  worker = undefined
}
