import { expect, test } from 'vitest'
import type { BoundTerm } from '../../shared/engine.ts'
import { checkpoint, engine, picture, trap } from './support.ts'

const side = 12

/** Three pictures of the fixture's size. */
function examples(): Uint8ClampedArray {
  return picture(side, 3 * side).data
}

const asked = {
  index: 1,
  t: 300,
  seed: '18446744073709551615',
  classIndex: 2,
  variance: 'beta',
  element: 30,
  points: 64,
}

test('a step is explained in numbers that belong together', async () => {
  const { engine: e } = await engine()
  await e.load(checkpoint())
  await e.setExamples(examples(), 3)
  const step = await e.explain(asked)
  if (!step) throw new Error('no step')
  const { alphaBar, beta } = await e.schedule('cosine')
  expect(step.beta).toBe(beta[300])
  expect(step.alphaBar).toBe(alphaBar[300])
  expect(step.alphaBarBefore).toBe(alphaBar[299])
  expect(step.variance).toBe(step.beta)
  expect(step.dimension).toBe(side * side)
  expect(step.weight * step.squares + step.constant).toBeCloseTo(step.regression, 4)
  expect(step.closed / step.regression).toBeCloseTo(1, 2)
  expect(step.general / step.regression).toBeCloseTo(1, 2)
  expect(step.bitsPerDim).toBeCloseTo(step.regression / step.dimension / Math.LN2, 12)
  expect(step.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
  const { densities } = step
  for (const curve of [densities.posterior, densities.reverse, densities.mixture]) expect(curve).toHaveLength(64)
  expect(densities.low).toBeLessThan(densities.posteriorMean)
  expect(densities.high).toBeGreaterThan(densities.reverseMean)
  const { data } = picture(side, 3 * side)
  const at = 4 * (side * side + 30)
  const grey = Math.round((299 * data[at]! + 587 * data[at + 1]! + 114 * data[at + 2]!) / 1000)
  expect(step.pictures.x0.bytes[30]).toBe(grey)
  expect(densities.x0).toBeCloseTo(grey / 127.5 - 1, 6)
  const weights = await e.weights('beta')
  expect(weights).toHaveLength(1001)
  expect(weights[300]).toBe(step.weight)
  e.close()
})

test('of many steps asked for only the newest is explained', async () => {
  const { engine: e } = await engine()
  await e.load(checkpoint())
  await e.setExamples(examples(), 3)
  const steps = await Promise.all([2, 3, 4, 5].map((t) => e.explain({ ...asked, t })))
  expect(steps.map((step) => step?.t)).toEqual([2, undefined, undefined, 5])
  e.close()
})

async function take(terms: AsyncIterable<BoundTerm>, n: number): Promise<BoundTerm[]> {
  const all: BoundTerm[] = []
  for await (const term of terms) if (all.push(term) === n) break
  return all
}

test('the bound becomes known, and the same seed gives the same', async () => {
  const { engine: e } = await engine()
  await e.load(checkpoint())
  await e.setExamples(examples(), 3)
  const request = { index: 2, classIndex: -1, seed: 5, variance: 'beta_tilde', strata: 6 }
  const terms = await take(e.bound(request), 22)
  expect(terms.map(({ rounds }) => rounds)).toEqual([
    ...Array(6).fill(0),
    ...Array(7).fill(1),
    ...Array(7).fill(2),
    3,
    3,
  ])
  expect(terms.filter(({ t }) => t === 1)).toHaveLength(4)
  const last = terms.at(-1) as BoundTerm
  expect(terms[7]?.total.error).toBe(Infinity)
  expect(last.total.error).toBeLessThan(Infinity)
  expect(last.total.mean).toBeCloseTo(last.prior + last.divergence.mean + last.decoder.mean, 9)
  expect(await take(e.bound(request), 22)).toEqual(terms)
  e.close()
})

test('an estimate ends when it is aborted, and when another begins', async () => {
  const { engine: e } = await engine()
  await e.load(checkpoint())
  await e.setExamples(examples(), 3)
  const request = { index: 0, classIndex: 0, seed: 5, variance: 'beta', strata: 6 }
  const abort = new AbortController()
  const first = e.bound(request, abort.signal)
  await first.next()
  abort.abort()
  await expect(first.next()).rejects.toMatchObject({ name: 'AbortError' })
  const second = e.bound(request)
  await second.next()
  await take(e.bound(request), 1)
  await expect(second.next()).rejects.toMatchObject({ name: 'AbortError' })
  e.close()
})

test('a fresh engine is given the examples of the crashed one', async () => {
  let crash = false
  const { engine: e, spawned } = await engine({
    tamper: (core) => {
      const explain = core.explain.bind(core)
      core.explain = (request) => (crash ? trap(core) : explain(request))
    },
  })
  await e.load(checkpoint())
  await e.setExamples(examples(), 3)
  const before = await e.explain(asked)
  crash = true
  await expect(e.explain(asked)).rejects.toMatchObject({ kind: 'crashed' })
  crash = false
  expect(await e.explain(asked)).toEqual(before)
  expect(spawned()).toBe(2)
  e.close()
})

test('what cannot be explained is refused', async () => {
  const { engine: e } = await engine()
  await expect(e.setExamples(examples(), 3)).rejects.toMatchObject({ kind: 'invalid', subject: 'picture' })
  await e.load(checkpoint())
  await expect(e.explain(asked)).rejects.toMatchObject({
    kind: 'invalid',
    message: expect.stringContaining('no examples'),
  })
  await expect(e.setExamples(examples(), 4)).rejects.toMatchObject({ kind: 'invalid', subject: 'picture' })
  await e.setExamples(examples(), 3)
  await expect(e.explain({ ...asked, t: 1 })).rejects.toMatchObject({ kind: 'invalid' })
  await expect(e.weights('large')).rejects.toMatchObject({ kind: 'invalid' })
  // Another model's examples are others.
  await e.load(checkpoint({ name: 'other' }))
  await expect(e.explain(asked)).rejects.toMatchObject({ message: expect.stringContaining('no examples') })
  e.close()
})
