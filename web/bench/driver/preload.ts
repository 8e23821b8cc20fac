// What a page that opens one network tells the browser to fetch at once: for each contender its script, the network,
// and its WebAssembly where that makes it faster. It does not for ours, which is compiled while it comes: handed out
// of a preload it comes in one piece. Only where it is asked for (`?preload`): what is fetched ahead is held twice.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type ContenderName, contenders, network } from '../page/contender.ts'

interface Chunk {
  readonly file: string
  readonly imports?: readonly string[]
}

/** By the contender: the module that its page imports, and what else it fetches. */
const needs: Readonly<Record<ContenderName, { module: string; scripts: string[]; files: string[] }>> = {
  ours: { module: 'contenders/page.ts', scripts: [], files: [] },
  'onnxruntime-web': {
    module: 'contenders/onnxruntime.ts',
    scripts: ['ort/ort-wasm-simd-threaded.mjs'],
    files: ['ort/ort-wasm-simd-threaded.wasm'],
  },
  tfjs: { module: 'contenders/tfjs.ts', scripts: [], files: ['tfjs/tfjs-backend-wasm-simd.wasm'] },
}

export function preloads(query: URLSearchParams): string {
  const contender = contenders.find((name) => name === query.get('contender'))
  if (!contender || !query.has('preload')) return ''
  const built = fileURLToPath(new URL('../dist/.vite/manifest.json', import.meta.url))
  const manifest = JSON.parse(readFileSync(built, 'utf8')) as Record<string, Chunk>
  const { module, scripts, files } = needs[contender]
  const chunks = [module, ...(manifest[module]?.imports ?? [])].map((name) => manifest[name] as Chunk)
  const { checkpoint, onnx } = network(query.get('network') ?? '')
  const fetched = [...files, contender === 'onnxruntime-web' ? onnx : checkpoint]
  return [
    ...[...chunks.map(({ file }) => file), ...scripts].map((href) => `<link rel="modulepreload" href="${href}">`),
    ...fetched.map((href) => `<link rel="preload" as="fetch" crossorigin href="${href}">`),
  ].join('')
}
