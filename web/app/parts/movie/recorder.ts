// The thread that writes films: frames come in one at a time, and each is answered when the next may come.

import type { MovieKind } from './movie.ts'

export type Ask =
  { readonly type: 'begin'; readonly kind: MovieKind } | ({ readonly type: 'frame' } & Frame) | { readonly type: 'end' }

export interface Frame {
  readonly width: number
  readonly height: number
  /** RGBA. */
  readonly data: Uint8ClampedArray<ArrayBuffer>
  readonly milliseconds: number
}

export interface Answer {
  /** Why it could not be done. */
  readonly error?: string
  /** After the end: the whole file. */
  readonly file?: ArrayBuffer
}

/** Writes one film. */
export interface Encoder {
  add(frame: Frame): Promise<void> | void
  end(): Promise<ArrayBuffer> | ArrayBuffer
}

let encoder: Encoder | undefined

self.onmessage = async ({ data: ask }: MessageEvent<Ask>) => {
  try {
    self.postMessage(await obey(ask))
  } catch (thrown) {
    self.postMessage({ error: String(thrown) } satisfies Answer)
  }
}

async function obey(ask: Ask): Promise<Answer> {
  if (ask.type === 'begin') {
    // Each is fetched only by those who ask for it.
    encoder = ask.kind === 'gif' ? new (await import('./gif.ts')).GIF() : new (await import('./webm.ts')).WebM()
  } else if (ask.type === 'frame') {
    await encoder?.add(ask)
  } else if (encoder) {
    return { file: await encoder.end() }
  }
  return {}
}
