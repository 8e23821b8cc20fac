// onnxruntime-web's WebAssembly provider, at its highest graph optimisation, on the ONNX file of `ddpm onnx`.

import * as ort from 'onnxruntime-web/wasm'
import { type Batch, type Evaluation, fetched, type Network, type Opened, relayout } from '../contender.ts'

export async function open(network: Network, threads: number): Promise<Opened> {
  ort.env.wasm.wasmPaths = new URL('ort/', document.baseURI).href
  ort.env.wasm.numThreads = threads
  const session = await ort.InferenceSession.create(new Uint8Array(await fetched(network.onnx)), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  })
  return {
    prepare: async (batch) => prepare(session, batch),
    close: () => session.release(),
  }
}

function prepare(session: ort.InferenceSession, batch: Batch): Evaluation {
  const { count, size, channels } = batch
  const whole = (values: readonly number[]) => new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [count])
  const feeds: Record<string, ort.Tensor> = {
    x: new ort.Tensor('float32', relayout(batch.x, batch, 'NHWC'), [count, channels, size, size]),
    t: whole(batch.t),
  }
  if (session.inputNames.includes('y')) feeds['y'] = whole(batch.y)
  const [output] = session.outputNames
  return {
    layout: 'NCHW',
    async run() {
      const results = await session.run(feeds)
      return (await (results[output as string] as ort.Tensor).getData()) as Float32Array
    },
    close: () => {},
  }
}
