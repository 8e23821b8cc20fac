// How a page comes by an engine.

import type { Engine } from '../../shared/engine.ts'
import { EngineError } from '../../shared/errors.ts'
import { Client } from './client.ts'
import { compile } from './fetch.ts'
import script from '../worker/worker.ts?worker&url'
import { hasSIMD } from './simd.ts'
import { startWorker } from './spawn.ts'

const files = {
  simd: new URL('../../build/engine.wasm', import.meta.url),
  plain: new URL('../../build/engine-plain.wasm', import.meta.url),
}

/** More workers than this cost memory and wait for the same caches. */
const mostWorkers = 8

export interface OpenOptions {
  /** How many workers may share a run; default: one a core, at most 8. */
  readonly workers?: number
  /** Told of every crash. A fresh worker with the same model and picture is already on its way. */
  readonly onCrash?: (error: EngineError) => void
}

/**
 * Fetches the build of the core that this browser runs and starts a worker with it.
 * Rejects with an `EngineError`: `unsupported`, `missing` or `corrupt`. It can be called again.
 */
export async function openEngine(options: OpenOptions = {}): Promise<Engine> {
  if (typeof WebAssembly !== 'object') {
    throw new EngineError('unsupported', 'engine', 'This browser has no WebAssembly, or it is switched off.')
  }
  const build = hasSIMD() ? 'simd' : 'plain'
  // The first worker starts while the module is on its way.
  const compiling = compile(files[build])
  compiling.catch(() => undefined) // where there are no workers, that is what is told
  let early: Worker | undefined = spawn()
  const module = await compiling.catch((error: unknown) => {
    early?.terminate()
    throw error
  })
  const client = new Client({
    module,
    build,
    spawn: () => {
      const worker = early ?? spawn()
      early = undefined
      return worker
    },
    workers: options.workers ?? Math.min(navigator.hardwareConcurrency || 1, mostWorkers),
    onCrash: options.onCrash,
  })
  try {
    await client.opened()
  } catch (error) {
    client.close()
    throw error
  }
  return client
}

function spawn(): Worker {
  try {
    return startWorker(script, 'engine')
  } catch (cause) {
    throw new EngineError('unsupported', 'worker', `This browser refused to start a worker: ${String(cause)}`, {
      cause,
    })
  }
}
