import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
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
  const runtimes: [string, number, number][] = [
    ['ours', size(here('../../build/engine.wasm')) + chunks('engine') + chunks('ours'), nets('digits.safetensors')],
    [
      'onnxruntime-web',
      dist('onnxruntime-web/dist/ort-wasm-simd-threaded.wasm') +
        dist('onnxruntime-web/dist/ort-wasm-simd-threaded.mjs') +
        chunks('onnxruntime'),
      nets('digits.onnx'),
    ],
    [
      'tfjs',
      dist('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm') + chunks('tfjs'),
      nets('digits.safetensors'),
    ],
  ]
  return {
    title: 'Download with gzip, kB',
    head: ['', 'runtime', 'digits network', 'both'],
    rows: runtimes.map(([name, runtime, net]) => [name, runtime / 1e3, net / 1e3, (runtime + net) / 1e3]),
    note: 'onnxruntime’s network is the float32 file of `ddpm onnx`; tfjs, which has no file of its own here, reads our int8 checkpoint.',
  }
}
