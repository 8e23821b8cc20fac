import type { RGBAPicture } from '../../../shared/engine.ts'
import { startWorker } from '../../../engine/client/spawn.ts'
import { webmCodec } from './codec.ts'
import type { Answer, Ask } from './recorder.ts'
import script from './recorder.ts?worker&url'

/** Pictures of one size, one after the other. Each is made when it is its turn, so that a long film fits in memory. */
export interface Movie {
  readonly count: number
  /** Frame 0 … count − 1. Its data is taken away: give a copy of what is needed again. */
  frame(index: number): RGBAPicture | Promise<RGBAPicture>
  /** How long a frame is to be seen, in milliseconds. */
  milliseconds(index: number): number
}

export type MovieKind = 'gif' | 'webm'

export interface RecordOptions {
  readonly signal?: AbortSignal
  /** Of the frames, the share that is written: 0…1. */
  readonly onProgress?: (share: number) => void
}

let able: Promise<boolean> | undefined

/**
 * Whether this browser can write WebM: it can if it plays and encodes VP9. The one is asked before the other, since
 * WebKitGTK 2.50 ends the page that asks for an encoder while nothing else has wanted its media library.
 */
export function canWebM(): Promise<boolean> {
  able ??=
    typeof VideoEncoder === 'undefined' ||
    document.createElement('video').canPlayType(`video/webm; codecs="${webmCodec}"`) === ''
      ? Promise.resolve(false)
      : VideoEncoder.isConfigSupported({ codec: webmCodec, width: 256, height: 256 }).then(
          ({ supported }) => supported === true,
          () => false,
        )
  return able
}

/**
 * Writes a film, in a worker of its own: the page only makes the frames, one at
 * a time. Rejects with the signal's reason, or with what the encoder says.
 */
export async function record(movie: Movie, kind: MovieKind, options: RecordOptions = {}): Promise<Blob> {
  const worker = startWorker(script, 'recorder')
  const { signal, onProgress } = options
  try {
    const ask = (asked: Ask, transfer: Transferable[] = []) => answer(worker, asked, transfer, signal)
    await ask({ type: 'begin', kind })
    for (let index = 0; index < movie.count; index++) {
      const { width, height, data } = await movie.frame(index)
      const milliseconds = movie.milliseconds(index)
      await ask({ type: 'frame', width, height, data, milliseconds }, [data.buffer])
      onProgress?.((index + 1) / movie.count)
    }
    const { file } = await ask({ type: 'end' })
    if (!file) throw new Error('movie: the encoder gave no file')
    return new Blob([file], { type: kind === 'gif' ? 'image/gif' : 'video/webm' })
  } finally {
    worker.terminate()
  }
}

function answer(worker: Worker, asked: Ask, transfer: Transferable[], signal?: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const stop = () => reject(signal?.reason as Error)
    signal?.addEventListener('abort', stop, { once: true })
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      signal?.removeEventListener('abort', stop)
      if (data.error === undefined) resolve(data)
      else reject(new Error(data.error))
    }
    worker.onerror = ({ message }) => reject(new Error(message || 'movie: the encoder could not be loaded'))
    worker.postMessage(asked, transfer)
  })
}
