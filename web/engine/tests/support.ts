// An engine inside the test's own thread: the host answers at the other end of a MessageChannel, so that
// client, protocol, host and the real WebAssembly module are tested together in Node.

import { readFileSync } from 'node:fs'
import type { ModelSource, RunStep } from '../../shared/engine.ts'
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
  readonly #onEnd: () => void

  constructor(open: (module: WebAssembly.Module) => Promise<Core>, onEnd: () => void) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    this.#onEnd = onEnd
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
    this.#onEnd()
  }
}

export interface SetUp {
  readonly build?: Build
  readonly workers?: number
  readonly onCrash?: (error: EngineError) => void
  /** Sees each core as it is opened, the first being number 1, and may tamper with it. */
  readonly tamper?: (core: Core, number: number) => void
}

/** An engine, how many workers it has spawned so far, and how many of them have not been ended. */
export async function engine(
  set: SetUp = {},
): Promise<{ engine: Client; spawned: () => number; living: () => number }> {
  const build = set.build ?? 'simd'
  let spawned = 0
  const living = new Set<number>()
  const client = new Client({
    module: wasm(build),
    build,
    workers: set.workers ?? 1,
    onCrash: set.onCrash,
    spawn: () => {
      const number = ++spawned
      living.add(number)
      return new InThread(
        async (module) => {
          const core = await Core.open(module)
          set.tamper?.(core, number)
          return core
        },
        () => living.delete(number),
      )
    },
  })
  await client.opened()
  return { engine: client, spawned: () => spawned, living: () => living.size }
}

/** The steps of a run that goes to its end. */
export async function all(steps: AsyncIterable<RunStep>): Promise<RunStep[]> {
  const seen: RunStep[] = []
  for await (const step of steps) seen.push(step)
  return seen
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
  const { tensors, config } = tiny()
  return file(tensors, config, metadata)
}

/** The same for colour: what goes in and comes out is the grey network's, three times, each a little weaker. */
export function colourCheckpoint(side: number, metadata: Record<string, string> = {}): ArrayBuffer {
  const { tensors, config } = tiny()
  const threefold = (values: Float32Array) =>
    Float32Array.from([1, 0.8, 0.6].flatMap((by) => [...values].map((v) => by * v)))
  const out = tensors.get('out_conv.2.weight')
  const bias = tensors.get('out_conv.2.bias')
  const into = tensors.get('init_conv.weight')
  if (!out || !bias || !into) throw new Error('the tiny network has other layers')
  tensors.set('out_conv.2.weight', { shape: [3, ...out.shape.slice(1)], values: threefold(out.values) })
  tensors.set('out_conv.2.bias', { shape: [3], values: threefold(bias.values) })
  // [8][1][3][3] to [8][3][3][3].
  const rows = Array.from({ length: 8 }, (_, i) => [...threefold(into.values.subarray(9 * i, 9 * i + 9))])
  tensors.set('init_conv.weight', { shape: [8, 3, 3, 3], values: Float32Array.from(rows.flat()) })
  return file(tensors, { ...config, image_size: side, in_channels: 3, out_channels: 3 }, metadata)
}

/** Files as they might arrive: in pieces of which none ends where a tensor does. */
export function source(file: () => ArrayBuffer): ModelSource {
  return async () => {
    const bytes = new Uint8Array(file())
    async function* pieces() {
      for (let at = 0; at < bytes.length; at += 999) yield bytes.slice(at, at + 999)
    }
    return { size: bytes.length, pieces: pieces() }
  }
}

interface Tensor {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

function tiny(): { tensors: Map<string, Tensor>; config: Record<string, unknown> } {
  const folder = new URL('../../../core/unet/testdata/tiny/', import.meta.url)
  const file = readFileSync(new URL('weights.safetensors', folder))
  const begin = 8 + Number(file.readBigUInt64LE(0))
  const header = JSON.parse(file.toString('utf8', 8, begin)) as Record<
    string,
    { shape: number[]; data_offsets: [number, number] }
  >
  const tensors = new Map(
    Object.entries(header).map(([name, { shape, data_offsets: at }]) => {
      const bytes = new Uint8Array(file.subarray(begin + at[0], begin + at[1]))
      return [name, { shape, values: new Float32Array(bytes.buffer) }] as const
    }),
  )
  const config = JSON.parse(readFileSync(new URL('config.json', folder), 'utf8')) as Record<string, unknown>
  return { tensors, config }
}

/** Writes safetensors with a card. */
function file(tensors: Map<string, Tensor>, config: object, metadata: Record<string, string>): ArrayBuffer {
  const header: Record<string, unknown> = {}
  let at = 0
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [at, at + values.byteLength] }
    at += values.byteLength
  }
  header['__metadata__'] = {
    format: 'ddpm',
    name: 'tiny',
    config: JSON.stringify(config),
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
  const data = [...tensors.values()].map(({ values }) => new Uint8Array(values.buffer))
  return new Uint8Array(Buffer.concat([size, padded, ...data])).buffer
}

/** A picture with every byte value in it. */
export function picture(width: number, height: number) {
  const data = new Uint8ClampedArray(width * height * 4)
  for (let i = 0; i < data.length; i++) data[i] = i % 4 === 3 ? 255 : (i * 37) % 256
  return { width, height, data }
}
