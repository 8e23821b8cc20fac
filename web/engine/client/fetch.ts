// Getting files, with errors that say what happened in the terms of the page.

import type { ModelSource } from '../../shared/engine.ts'
import { release } from '../../shared/release.ts'
import { EngineError, type EngineErrorSubject } from '../../shared/errors.ts'

/** Fetches a file; `missing` if it cannot be had. */
export async function fetchFile(
  url: string | URL,
  subject: EngineErrorSubject,
  cache: RequestCache = 'default',
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
  let early: Promise<ArrayBuffer> | undefined = fetchBuffer(url, 'default')
  early.catch(() => undefined) // whoever asks is told
  return () => {
    const file = early ?? fetchBuffer(url, 'force-cache')
    early = undefined
    return file
  }
}

async function fetchBuffer(url: string | URL, cache: RequestCache): Promise<ArrayBuffer> {
  const response = await fetchFile(url, 'model', cache)
  try {
    return await response.arrayBuffer()
  } catch (cause) {
    throw new EngineError('missing', 'model', `${url}: the connection broke off.`, { cause })
  }
}

/** Fetches and compiles a WebAssembly module, from a buffer that is let go: the browser would keep a stream's. */
export async function compile(url: string | URL): Promise<WebAssembly.Module> {
  const response = await fetchFile(url, 'engine')
  try {
    const bytes = await response.arrayBuffer()
    const module = await WebAssembly.compile(bytes)
    release(bytes)
    return module
  } catch (cause) {
    if (cause instanceof WebAssembly.CompileError) {
      throw new EngineError('corrupt', 'engine', `${url} is not a WebAssembly module: ${cause.message}`, { cause })
    }
    throw new EngineError('missing', 'engine', `${url}: the connection broke off.`, { cause })
  }
}
