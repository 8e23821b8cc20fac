// What a visitor waits for, in Node's V8: `npm run bench`, with MODEL=FILE for another checkpoint.

import { readFileSync } from 'node:fs'
import { bench, describe } from 'vitest'
import { Arrival } from '../worker/arrival.ts'
import { Core } from '../worker/core.ts'
import { picture, wasm } from './support.ts'

const model = new Uint8Array(
  readFileSync(process.env['MODEL'] ?? new URL('../../../weights/digits.safetensors', import.meta.url)),
).buffer

for (const build of ['simd', 'plain'] as const) {
  const core = await Core.open(wasm(build))
  await core.load(Arrival.of(model.slice(0)))
  describe(`the ${build} build`, () => {
    bench('an engine starts', async () => {
      await Core.open(wasm(build))
    })

    bench('the model is loaded', async () => {
      await core.load(Arrival.of(model.slice(0)))
    })

    let run = core.beginRun('sampler=ddpm&steps=1000&count=1&guidance=1', 0, 1)
    bench('a step of one image', () => {
      if (core.step(run)) return
      core.endRun(run)
      run = core.beginRun('sampler=ddpm&steps=1000&count=1&guidance=1', 0, 1)
    })

    const { width, height, data } = picture(1024, 1024)
    core.setPicture(data.buffer, width, height)
    let t = 0
    bench('q(x_t|x_0) of 1024×1024, ε held', () => {
      core.noise('linear', 1000, t++ % 1001, 1n)
    })

    let seed = 0n
    bench('q(x_t|x_0) of 1024×1024, fresh ε', () => {
      core.noise('linear', 1000, 500, seed++)
    })
  })
}
