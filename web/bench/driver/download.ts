import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { readSafetensors } from '../page/safetensors.ts'
import { here } from './site.ts'
import type { Section } from './table.ts'

const size = (path: string): number => gzipSync(readFileSync(path), { level: 9 }).length

/** Chunks of the page's build whose file name begins so. */
function chunks(prefix: string): number {
  const folder = here('../dist/assets')
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${prefix}-`) && name.endsWith('.js'))
    .reduce((sum, name) => sum + size(join(folder, name)), 0)
}

/** What a visitor downloads, with gzip: the runtime, and the runtime and the digits network. */
export function downloads(): Section {
  const dist = (path: string) => size(here(`../node_modules/${path}`))
  const nets = (name: string) => size(here(`../build/${name}`))
  const tfjs = dist('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm') + chunks('tfjs')
  const ours = size(here('../../build/engine.wasm')) + chunks('worker') + chunks('page')
  const onnxruntime =
    dist('onnxruntime-web/dist/ort-wasm-simd-threaded.wasm') +
    dist('onnxruntime-web/dist/ort-wasm-simd-threaded.mjs') +
    chunks('onnxruntime')
  const int8 = nets('digits.safetensors')
  const runtimes: [string, number, number][] = [
    ['ours, int8', ours, int8],
    ['onnxruntime-web, float32', onnxruntime, nets('digits.onnx')],
    ['tfjs, float32', tfjs, float32(here('../build/digits.safetensors'))],
    ['tfjs, reading our int8', tfjs, int8],
  ]
  return {
    title: 'Download with gzip, kB',
    head: ['', 'runtime', 'digits network', 'both'],
    rows: runtimes.map(([name, runtime, net]) => [name, runtime / 1e3, net / 1e3, (runtime + net) / 1e3]),
    note: 'onnxruntime’s network is the file of `ddpm onnx`; that of tfjs is the weights of a tfjs model, without its JSON. tfjs has no reader of our int8 checkpoint: the one that this benchmark has, so that all start from the same weights, is in its runtime here.',
  }
}

/** The checkpoint's weights as tfjs models have them: float32, one after the other. */
function float32(path: string): number {
  const file = readFileSync(path)
  const { tensors } = readSafetensors(file.buffer.slice(file.byteOffset, file.byteOffset + file.length))
  const values = [...tensors.values()].map(({ values }) => Buffer.from(values.buffer))
  return gzipSync(Buffer.concat(values), { level: 9 }).length
}
