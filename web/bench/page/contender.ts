// What every runtime is asked to do: evaluate one network on a batch of images.

export const contenders = ['ours', 'onnxruntime-web', 'tfjs'] as const
export type ContenderName = (typeof contenders)[number]

/** Where a network's files lie, beside the page. */
export interface Network {
  readonly name: string
  /** Safetensors: ours, and tfjs's, which has no format of its own to read. */
  readonly checkpoint: string
  readonly onnx: string
}

export const network = (name: string): Network => ({
  name,
  checkpoint: `nets/${name}.safetensors`,
  onnx: `nets/${name}.onnx`,
})

/** Images x_t in [N][H][W][C], steps counted from 0 and classes. */
export interface Batch {
  readonly count: number
  readonly size: number
  readonly channels: number
  readonly x: Float32Array<ArrayBuffer>
  readonly t: readonly number[]
  readonly y: readonly number[]
}

/** What a runtime knows of a network once it is open. */
export interface Opened {
  /** Gives the runtime a batch to keep, in whatever layout it likes; not timed. */
  prepare(batch: Batch): Promise<Evaluation>
  close(): Promise<void>
}

export interface Evaluation {
  /** One evaluation of the whole batch; its output, read back, is the network's, in `layout`. */
  run(): Promise<Float32Array>
  readonly layout: 'NHWC' | 'NCHW'
  close(): void
}

export type Open = (network: Network, threads: number) => Promise<Opened>

/** Each runtime is a chunk of its own: a page loads those that it measures. */
export function contender(name: ContenderName): Promise<{ open: Open }> {
  switch (name) {
    case 'ours':
      return import('./contenders/ours.ts')
    case 'onnxruntime-web':
      return import('./contenders/onnxruntime.ts')
    case 'tfjs':
      return import('./contenders/tfjs.ts')
  }
}

export async function fetched(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url}: ${response.status}`)
  return response.arrayBuffer()
}

/** [N][H][W][C] to [N][C][H][W], or back if `from` says so. */
export function relayout(
  values: Float32Array,
  { count, size, channels }: Batch,
  from: 'NHWC' | 'NCHW',
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length)
  const pixels = size * size
  for (let n = 0; n < count; n++) {
    for (let p = 0; p < pixels; p++) {
      for (let c = 0; c < channels; c++) {
        const last = (n * pixels + p) * channels + c
        const first = (n * channels + c) * pixels + p
        if (from === 'NHWC') out[first] = values[last] as number
        else out[last] = values[first] as number
      }
    }
  }
  return out
}
