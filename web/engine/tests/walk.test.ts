import { expect, test } from 'vitest'
import type { Engine, Walked, WalkRequest } from '../../shared/engine.ts'
import { engine, picture, trap } from './support.ts'

/** Walks to the end of a request, part by part. */
async function walk(e: Engine, request: WalkRequest): Promise<Walked> {
  for (;;) {
    const walked = await e.walk(request)
    if (!walked) throw new Error('replaced')
    if (walked.left === 0) return walked
  }
}

test('a walk goes step by step, is shown on its way, and agrees with the jump in its moments', async () => {
  const { engine: e } = await engine()
  await e.setChain(picture(64, 48))
  const request = { schedule: 'linear', t: 400, seed: 3, most: 150 } as const
  const lefts = []
  for (let i = 0; i < 3; i++) lefts.push((await e.walk(request))?.left)
  expect(lefts).toEqual([250, 100, 0])
  const walked = await walk(e, request)
  const { signal, alphaBar } = await e.schedule('linear')
  expect(walked.t).toBe(400)
  expect(walked.expected.noise).toBeCloseTo(1 - (alphaBar[400] as number), 12)
  const start = await walk(e, { ...request, t: 0 })
  expect(start.chain.data).toEqual(picture(64, 48).data)
  expect(start.jump.data).toEqual(start.chain.data)
  expect(start.chainMoments.mean * (signal[400] as number)).toBeCloseTo(walked.expected.mean, 9)
  // 9216 values: the mean is off by some 0.01, the variances by some 0.015.
  for (const moments of [walked.chainMoments, walked.jumpMoments]) {
    expect(Math.abs(moments.mean - walked.expected.mean)).toBeLessThan(0.05)
    expect(Math.abs(moments.variance - walked.expected.variance)).toBeLessThan(0.08)
    expect(Math.abs(moments.noise - walked.expected.noise)).toBeLessThan(0.08)
  }
  expect(walked.chain.data).not.toEqual(walked.jump.data)
  const { low, high, chain, normal } = walked.histogram
  const share = (density: Float64Array) => (density.reduce((sum, v) => sum + v, 0) * (high - low)) / density.length
  expect(share(chain)).toBeGreaterThan(0.99)
  expect(share(normal)).toBeCloseTo(0.99994, 4)
  e.close()
})

test('a schedule of points bends, and what cannot be bent so is refused', async () => {
  const { engine: e } = await engine()
  const bent = await e.schedule('logsnr:9,4,0,-3,-9')
  expect([bent.logSNR[1], bent.logSNR[1000]].map((v) => v?.toFixed(6))).toEqual(['9.000000', '-9.000000'])
  for (const t of [1, 250, 1000]) {
    expect(bent.stepSignal[t]).toBe(Math.sqrt(1 - (bent.beta[t] as number)))
    expect(bent.stepNoise[t]).toBe(Math.sqrt(bent.beta[t] as number))
  }
  await e.setPicture(picture(8, 8))
  const noised = async (schedule: `logsnr:${string}`) => (await e.noise({ schedule, t: 500, seed: 1 }))?.data
  expect(await noised('logsnr:9,0,-9')).not.toEqual(await noised('logsnr:9,3,-9'))
  await expect(e.schedule('logsnr:9,10')).rejects.toMatchObject({ kind: 'invalid', subject: 'schedule' })
  await expect(e.schedule('logsnr:a')).rejects.toThrow('is not a number')
  e.close()
})

test('a walk outlives the worker that walked', async () => {
  const errors: string[] = []
  let cores = 0
  const { engine: e } = await engine({
    onCrash: (error) => errors.push(error.kind),
    tamper: (core) => {
      cores++
      const go = core.walk.bind(core)
      core.walk = (request) => (cores === 2 && request.t === 60 ? trap(core) : go(request))
    },
  })
  await e.setChain(picture(16, 16))
  const request = { schedule: 'cosine', t: 50, seed: 1, most: 1000 } as const
  const before = await e.walk(request)
  await expect(e.walk({ ...request, t: 60 })).rejects.toMatchObject({ kind: 'crashed' })
  expect((await e.walk(request))?.chain.data).toEqual(before?.chain.data)
  expect(errors).toEqual(['crashed'])
  e.close()
})

test('a walk without a picture is refused', async () => {
  const { engine: e } = await engine()
  const request = { schedule: 'linear', t: 5, seed: 1, most: 9 } as const
  await expect(e.walk(request)).rejects.toMatchObject({ kind: 'invalid', subject: 'picture' })
  await e.setChain(picture(2, 2))
  await expect(e.walk({ ...request, t: 1001 })).rejects.toMatchObject({ kind: 'invalid', subject: 'schedule' })
  expect((await e.walk(request))?.t).toBe(5)
  e.close()
})
