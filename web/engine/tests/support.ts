// An engine inside the test's own thread: the host answers at the other end of a MessageChannel, so that
// client, protocol, host and the real WebAssembly module are tested together in Node.

import { readFileSync } from 'node:fs'
import type { EngineError } from '../../shared/errors.ts'
import { Client } from '../client/client.ts'
import type { WorkerLike } from '../client/link.ts'
import { Core } from '../worker/core.ts'
import { serve } from '../worker/host.ts'

export type Build = 'simd' | 'plain'

const files: Record<Build, string> = { simd: 'engine.wasm', plain: 'engine-plain.wasm' }
const modules = new Map<Build, WebAssembly.Module>()

/** The module as `make wasm` built it. */
export function wasm(build: Build): WebAssembly.Module {
  let module = modules.get(build)
  if (!module) {
    module = new WebAssembly.Module(readFileSync(new URL(`../../build/${files[build]}`, import.meta.url)))
    modules.set(build, module)
  }
  return module
}

class InThread implements WorkerLike {
  onerror = null
  readonly #port: MessagePort

  constructor(open: (module: WebAssembly.Module) => Promise<Core>) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    serve(port2, open)
  }

  get onmessage() {
    return this.#port.onmessage
  }

  set onmessage(take: WorkerLike['onmessage']) {
    this.#port.onmessage = take
  }

  postMessage(message: unknown, transfer: Transferable[]): void {
    this.#port.postMessage(message, transfer)
  }

  terminate(): void {
    this.#port.close()
  }
}

export interface SetUp {
  readonly build?: Build
  readonly workers?: number
  readonly onCrash?: (error: EngineError) => void
  /** Sees each core as it is opened, the first being number 1, and may tamper with it. */
  readonly tamper?: (core: Core, number: number) => void
}

/** An engine, and how many workers it has spawned so far. */
export async function engine(set: SetUp = {}): Promise<{ engine: Client; spawned: () => number }> {
  const build = set.build ?? 'simd'
  let spawned = 0
  const client = new Client({
    module: wasm(build),
    build,
    workers: set.workers ?? 1,
    onCrash: set.onCrash,
    spawn: () => {
      const number = ++spawned
      return new InThread(async (module) => {
        const core = await Core.open(module)
        set.tamper?.(core, number)
        return core
      })
    },
  })
  await client.opened()
  return { engine: client, spawned: () => spawned }
}

/** Kills the module for real: freeing what was not allocated breaks an invariant, and Go panics. */
export function trap(core: Core): never {
  core.exports.Free(1)
  throw new Error('the module outlived a panic')
}

/**
 * A small checkpoint of ours with random weights: the parity fixture, which has no metadata, given some.
 * Three classes, 12×12 grey.
 */
export function checkpoint(metadata: Record<string, string> = {}): ArrayBuffer {
  const folder = new URL('../../../core/unet/testdata/tiny/', import.meta.url)
  const file = readFileSync(new URL('weights.safetensors', folder))
  const length = Number(file.readBigUInt64LE(0))
  const header = JSON.parse(file.toString('utf8', 8, 8 + length)) as Record<string, unknown>
  header['__metadata__'] = {
    format: 'ddpm',
    name: 'tiny',
    config: JSON.stringify(JSON.parse(readFileSync(new URL('config.json', folder), 'utf8'))),
    schedule: 'cosine',
    timesteps: '1000',
    prediction: 'eps',
    classes: 'nought,one,two',
    data: 'none',
    ...metadata,
  }
  const text = Buffer.from(JSON.stringify(header))
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')])
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(padded.length))
  return new Uint8Array(Buffer.concat([size, padded, file.subarray(8 + length)])).buffer
}

/** A picture with every byte value in it. */
export function picture(width: number, height: number) {
  const data = new Uint8ClampedArray(width * height * 4)
  for (let i = 0; i < data.length; i++) data[i] = i % 4 === 3 ? 255 : (i * 37) % 256
  return { width, height, data }
}
