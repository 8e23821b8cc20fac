// TensorFlow.js with its WebAssembly backend (XNNPACK).

import * as tf from '@tensorflow/tfjs-core'
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import '@tensorflow/tfjs-backend-wasm'
import { type Batch, type Evaluation, fetched, type Network, type Opened } from '../contender.ts'
import { readSafetensors } from '../safetensors.ts'
import { UNet } from './tfjs-unet.ts'

export async function open(network: Network, threads: number): Promise<Opened> {
  setWasmPaths(new URL('tfjs/', document.baseURI).href)
  if (threads > 1)
    setThreadsCount(2 * threads) // the backend takes half of what it is told
  else tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  await tf.setBackend('wasm')
  await tf.ready()
  const net = new UNet(readSafetensors(await fetched(network.checkpoint)))
  return {
    prepare: async (batch) => prepare(net, batch),
    close: async () => net.dispose(),
  }
}

function prepare(net: UNet, batch: Batch): Evaluation {
  const { count, size, channels } = batch
  const x = tf.tensor4d(batch.x, [count, size, size, channels])
  return {
    layout: 'NHWC',
    async run() {
      const out = tf.tidy(() => net.predict(x, batch.t, batch.y))
      const values = await out.data()
      out.dispose()
      return values as Float32Array
    },
    close: () => x.dispose(),
  }
}
