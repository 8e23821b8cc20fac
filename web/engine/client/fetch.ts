// Getting files, with errors that say what happened in the terms of the page.

import type { Checkpoint, ModelSource } from '../../shared/engine.ts'
import { EngineError, type EngineErrorSubject } from '../../shared/errors.ts'
import { Queue } from '../../shared/queue.ts'
import { release } from '../../shared/release.ts'
import { chunks } from './chunks.ts'
import { whole } from './whole.ts'

/** Files that arrived damaged. */
const damaged = new Set<string>()

/** Says that a file arrived damaged: the next time it is fetched past what the browser keeps of it. */
export function mistrust(url: string | URL): void {
  damaged.add(String(url))
}

/** Fetches a file; `missing` if it cannot be had. */
export async function fetchFile(
  url: string | URL,
  subject: EngineErrorSubject,
  cache: RequestCache = damaged.delete(String(url)) ? 'reload' : 'default',
): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, { cache })
  } catch (cause) {
    throw new EngineError('missing', subject, `${url} could not be reached: no connection, or it is blocked.`, {
      cause,
    })
  }
  if (!response.ok)
    throw new EngineError('missing', subject, `${url}: the server answered ${response.status} ${response.statusText}.`)
  return response
}

/**
 * Fetches a checkpoint, at once and then whenever it is asked for again. The server may have another by then, and the
 * hash would tell: what the browser keeps is preferred, however old.
 */
export function fetchModel(url: string | URL): ModelSource {
  let early: Promise<Checkpoint> | undefined = download(url)
  early.catch(() => undefined) // whoever asks is told
  return () => {
    const file = early ?? download(url, 'force-cache')
    early = undefined
    return file
  }
}

async function download(url: string | URL, cache?: RequestCache): Promise<Checkpoint> {
  const response = await fetchFile(url, 'model', cache)
  // It is read at once, whoever takes it when: the browser holds back what nobody reads.
  const arrived = new Queue<Uint8Array<ArrayBuffer>>()
  const given = new AbortController()
  const all = (async () => {
    let size = 0
    try {
      for await (const chunk of chunks(response.body)) {
        if (given.signal.aborted) return size
        size += chunk.length
        arrived.push(chunk)
      }
      arrived.end()
      return size
    } catch (cause) {
      const error = new EngineError('missing', 'model', `${url}: the connection broke off.`, { cause })
      arrived.fail(error, true)
      throw error
    }
  })()
  all.catch(() => undefined) // whoever reads is told
  return { size: announced(response) ?? (await all), pieces: handOut(arrived, given) }
}

/** How long the file is, if the server says so: what it sends may be packed, and another origin's headers are not all told. */
function announced({ type, headers }: Response): number | undefined {
  const length = Number(headers.get('Content-Length'))
  return type === 'basic' && !headers.has('Content-Encoding') && length > 0 ? length : undefined
}

async function* handOut(
  arrived: Queue<Uint8Array<ArrayBuffer>>,
  given: AbortController,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  try {
    for (let chunk = await arrived.next(); chunk; chunk = await arrived.next()) yield chunk
  } finally {
    given.abort() // the rest of a file that is refused need not come
  }
}

/** A module should not be larger, and may be. */
const largest = 4 << 20

/** Fetches and compiles a WebAssembly module, from a buffer that is let go: the browser would keep a stream's. */
export async function compile(url: string | URL): Promise<WebAssembly.Module> {
  const response = await fetchFile(url, 'engine')
  try {
    const bytes = await whole(response, largest)
    const module = await WebAssembly.compile(bytes)
    release(bytes.buffer)
    return module
  } catch (cause) {
    if (cause instanceof WebAssembly.CompileError) {
      mistrust(url)
      throw new EngineError('corrupt', 'engine', `${url} is not a WebAssembly module: ${cause.message}`, { cause })
    }
    throw new EngineError('missing', 'engine', `${url}: the connection broke off.`, { cause })
  }
}
