// Each layer of a network alone, in a worker, beside the machine's arithmetic ceiling.

export interface LayerTime {
  readonly name: string
  /** How many like it the network has. */
  readonly count: number
  readonly multiplyAdds: number
  /** The least that has to move: parameters, input, output. */
  readonly bytes: number
  readonly milliseconds: number
}

export interface Measured {
  /** Floating-point operations a second in registers alone. */
  readonly ceiling: number
  /** Bytes a second that a copy reads and writes, of buffers beyond the caches. */
  readonly bandwidth: number
  readonly layers: readonly LayerTime[]
}

export function measureLayers(network: string): Promise<Measured> {
  const worker = new Worker(new URL('./workers/layers.ts', import.meta.url), { type: 'module' })
  return new Promise<Measured>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Measured>) => resolve(data)
    worker.onerror = ({ message }) => reject(new Error(message))
    worker.postMessage(network)
  }).finally(() => worker.terminate())
}
