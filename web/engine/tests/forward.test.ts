import { expect, test } from 'vitest'
import type { NoisedPicture } from '../../shared/engine.ts'
import { engine, picture } from './support.ts'

test('the schedules are the paper’s', async () => {
  const { engine: e } = await engine()
  const linear = await e.schedule('linear')
  expect(linear.beta[1]).toBeCloseTo(1e-4, 15)
  expect(linear.beta[1000]).toBeCloseTo(0.02, 15)
  expect(linear.alphaBar[0]).toBe(1)
  expect(linear.snr[0]).toBe(Infinity)
  const cosine = await e.schedule('cosine', 50)
  expect(cosine.alphaBar).toHaveLength(51)
  for (const { alphaBar, signal, noise, snr, logSNR } of [linear, cosine]) {
    const t = 25
    const a = alphaBar[t] as number
    expect(signal[t]).toBe(Math.sqrt(a))
    expect(noise[t]).toBe(Math.sqrt(1 - a))
    expect(snr[t]).toBe(a / (1 - a))
    expect(logSNR[t]).toBeCloseTo(Math.log(a / (1 - a)), 12)
  }
  await expect(e.schedule('linear', 0)).rejects.toMatchObject({ kind: 'invalid', subject: 'schedule' })
  e.close()
})

test.each(['simd', 'plain'] as const)('q(x_t|x_0) is the formula, in the %s build', async (build) => {
  const { engine: e } = await engine({ build })
  const source = picture(31, 17)
  await e.setPicture(source)
  for (const [schedule, t] of [
    ['linear', 0],
    ['linear', 400],
    ['cosine', 400],
    ['cosine', 1000],
  ] as const) {
    const noised = await e.noise({ schedule, t, seed: '18446744073709551615' })
    expect(noised).toMatchObject({ width: 31, height: 17, schedule, t })
    const { signal, noise } = await e.schedule(schedule)
    const x0 = await e.values('x0')
    const eps = await e.values('eps')
    const xt = await e.values('xt')
    for (let i = 0; i < x0.length; i++) {
      const at = Math.floor(i / 3) * 4 + (i % 3)
      expect(x0[i]).toBeCloseTo((source.data[at] as number) / 127.5 - 1, 6)
      const want = (signal[t] as number) * (x0[i] as number) + (noise[t] as number) * (eps[i] as number)
      expect(xt[i]).toBeCloseTo(want, 5)
      const byte = Math.min(255, Math.max(0, (want + 1) * 127.5))
      expect(Math.abs((noised?.data[at] as number) - byte)).toBeLessThanOrEqual(0.5001)
      if (i % 3 === 0) expect(noised?.data[at + 3]).toBe(255)
    }
  }
  e.close()
})

test('the seed holds the noise, and another redraws it', async () => {
  const { engine: e } = await engine()
  await e.setPicture(picture(16, 16))
  const eps = async (seed: number, t: number) => {
    await e.noise({ schedule: 'linear', t, seed })
    return e.values('eps')
  }
  const first = await eps(1, 100)
  expect(await eps(1, 900)).toEqual(first)
  expect(await eps(2, 900)).not.toEqual(first)
  expect(await eps(1, 100)).toEqual(first)
  const mean = first.reduce((sum, v) => sum + v, 0) / first.length
  expect(Math.abs(mean)).toBeLessThan(0.2)
  e.close()
})

test('a picture that is given back lends its memory to the next', async () => {
  const { engine: e } = await engine()
  await e.setPicture(picture(16, 9))
  const ask = (t: number, into?: NoisedPicture) => e.noise({ schedule: 'linear', t, seed: 1, into })
  const [first, other] = [await ask(300), await ask(700)]
  if (!first || !other) throw new Error('no pictures')
  const [pixels, others] = [first.data.slice(), other.data.slice()]
  const second = await ask(700, first)
  expect(second?.data).toEqual(others)
  expect(first.data).toHaveLength(0)
  await e.setPicture(picture(4, 4))
  expect((await ask(700, second))?.data).toHaveLength(64) // memory of another size is no hindrance
  await e.setPicture(picture(16, 9))
  expect((await ask(300, other))?.data).toEqual(pixels)
  e.close()
})

test('of many requests only the newest is computed, in each lane', async () => {
  let computed = 0
  const { engine: e } = await engine({
    tamper: (core) => {
      const noise = core.noise.bind(core)
      core.noise = (...args) => {
        computed++
        return noise(...args)
      }
    },
  })
  await e.setPicture(picture(8, 8))
  const ask = (schedule: 'linear' | 'cosine', t: number) => e.noise({ schedule, t, seed: 1 })
  const linear = [1, 2, 3, 4, 5].map((t) => ask('linear', t))
  const cosine = [6, 7, 8].map((t) => ask('cosine', t))
  const ts = async (asked: typeof linear) => (await Promise.all(asked)).map((p) => p?.t)
  expect(await ts(linear)).toEqual([1, undefined, undefined, undefined, 5])
  expect(await ts(cosine)).toEqual([6, undefined, 8])
  expect(computed).toBe(4)
  e.close()
})

test('what cannot be noised is refused, and the next is not', async () => {
  const { engine: e } = await engine()
  const request = { schedule: 'linear', t: 10, seed: 1 } as const
  await expect(e.noise(request)).rejects.toMatchObject({ kind: 'invalid', subject: 'picture' })
  await expect(e.setPicture({ width: 3, height: 3, data: new Uint8Array(35) })).rejects.toMatchObject({
    subject: 'picture',
  })
  await expect(e.setPicture({ width: 0, height: 3, data: new Uint8Array(0) })).rejects.toMatchObject({
    subject: 'picture',
  })
  await e.setPicture(picture(3, 3))
  await expect(e.noise({ ...request, t: 1001 })).rejects.toMatchObject({ kind: 'invalid' })
  expect(await e.noise(request)).toBeDefined()
  e.close()
})
