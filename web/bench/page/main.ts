// What the driver calls in the page. Everything that is timed happens here, by the page's own clock.

import {
  type Batch,
  type ContenderName,
  contender,
  type Evaluation,
  network,
  type Network,
  type Opened,
  relayout,
} from './contender.ts'
import type { OursOpened } from './contenders/ours.ts'
import { measureLayers, type Measured } from './layers.ts'

export interface Throughput {
  readonly multiplyAdds: number
  /** Milliseconds for a batch, one number a burst. */
  readonly milliseconds: Partial<Record<ContenderName, number[]>>
  /** ‖theirs − ours‖ / ‖ours‖, of the network's output as ε. */
  readonly disagreement: Partial<Record<ContenderName, number>>
}

export interface ThroughputOptions {
  readonly network: Network
  readonly count: number
  readonly threads: number
  readonly bursts: number
  readonly seconds: number
  readonly names: readonly ContenderName[]
}

/** Bursts of all contenders in turn: A B C A B C, each of some seconds and after a warm-up. */
async function throughput({ network, count, threads, bursts, seconds, names }: ThroughputOptions): Promise<Throughput> {
  const opened = new Map<ContenderName, Opened>()
  for (const name of names) opened.set(name, await (await contender(name)).open(network, threads))
  const { described } = opened.get('ours') as OursOpened
  const batch = makeBatch(count, described.info.imageSize, described.info.channels, described.info.classes.length)
  const evaluations = new Map<ContenderName, Evaluation>()
  const outputs = new Map<ContenderName, Float32Array>()
  for (const [name, contender] of opened) {
    const evaluation = await contender.prepare(batch)
    evaluations.set(name, evaluation)
    const out = await evaluation.run()
    outputs.set(name, evaluation.layout === 'NCHW' ? relayout(out, batch, 'NCHW') : out)
  }
  const disagreement: Throughput['disagreement'] = {}
  for (const [name, out] of outputs) {
    // The engine turns what the network predicts into ε by itself.
    if (name !== 'ours')
      disagreement[name] = distance(asEps(out, batch, described), outputs.get('ours') as Float32Array)
  }
  const milliseconds: Throughput['milliseconds'] = {}
  for (const evaluation of evaluations.values()) await burst(evaluation, seconds / 2)
  for (let i = 0; i < bursts; i++) {
    for (const [name, evaluation] of evaluations) (milliseconds[name] ??= []).push(await burst(evaluation, seconds))
  }
  for (const evaluation of evaluations.values()) evaluation.close()
  for (const contender of opened.values()) await contender.close()
  return { multiplyAdds: described.info.multiplyAdds, milliseconds, disagreement }
}

/** Milliseconds for one evaluation, over as many as fill the time. */
async function burst(evaluation: Evaluation, seconds: number): Promise<number> {
  const start = performance.now()
  let runs = 0
  let passed = 0
  do {
    await evaluation.run()
    runs++
    passed = performance.now() - start
  } while (passed < 1000 * seconds)
  return passed / runs
}

function asEps(out: Float32Array, batch: Batch, { info, alphaBar }: OursOpened['described']): Float32Array {
  const { prediction } = info
  const eps = epsOf[prediction]
  if (!eps) throw new Error(`a network that predicts ${prediction} cannot be compared here`)
  const each = out.length / batch.count
  return out.map((predicted, i) => {
    const a = alphaBar[(batch.t[Math.floor(i / each)] as number) + 1] as number
    return eps(predicted, batch.x[i] as number, a)
  })
}

/** ε from what a network predicts of x_t at ᾱ_t: core/diffusion's equations, for those whom the engine is compared with. */
const epsOf: Record<string, (predicted: number, xt: number, alphaBar: number) => number> = {
  eps: (eps) => eps,
  v: (v, x, a) => Math.sqrt(a) * v + Math.sqrt(1 - a) * x,
  x0: (x0, x, a) => (x - Math.sqrt(a) * x0) / Math.sqrt(1 - a),
  residual: (r, x, a) => {
    const detail = 0.02 ** 2
    const k = (Math.sqrt(a) * detail) / (a * detail + 1 - a)
    const c = Math.hypot(1 - Math.sqrt(a) * k, Math.sqrt(1 - a) * k)
    return (x - Math.sqrt(a) * (k * x + c * r)) / Math.sqrt(1 - a)
  },
}

function distance(a: Float32Array, b: Float32Array): number {
  let off = 0
  let length = 0
  for (let i = 0; i < b.length; i++) {
    off += ((a[i] as number) - (b[i] as number)) ** 2
    length += (b[i] as number) ** 2
  }
  return a.length === b.length ? Math.sqrt(off / length) : Number.NaN
}

/** Images of noise, steps all over the chain, classes in turn; the same each time. */
function makeBatch(count: number, size: number, channels: number, classes: number): Batch {
  let state = 12345
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state + 0.5) / 2 ** 32
  }
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
  const indices = Array.from({ length: count }, (_, i) => i)
  return {
    count,
    size,
    channels,
    x: Float32Array.from({ length: count * size * size * channels }, normal),
    t: indices.map((i) => (i * 61 + 400) % 1000),
    y: indices.map((i) => (classes > 0 ? i % classes : -1)),
  }
}

/** What a fresh page measures and reports: `?contender=ours&network=base32&count=1&runs=1`. */
export interface First {
  /** From the start of the navigation to the first output. */
  readonly milliseconds: number
}

/** One contender opens a network and evaluates it, once for the clock and then again until all runs are done. */
async function first(query: URLSearchParams): Promise<First> {
  const whole = (key: string) => Number(query.get(key))
  const name = query.get('network') as string
  const { open } = await (query.get('contender') === 'ours'
    ? import('./contenders/page.ts')
    : contender(query.get('contender') as ContenderName))
  const opened = await open(network(name), 1)
  const { size, channels, classes } = shapes[name] as Shape
  const evaluation = await opened.prepare(makeBatch(whole('count'), size, channels, classes))
  await evaluation.run()
  const milliseconds = performance.now()
  for (let i = 1; i < whole('runs'); i++) await evaluation.run()
  return { milliseconds }
}

interface Shape {
  readonly size: number
  readonly channels: number
  readonly classes: number
}

const small: Shape = { size: 28, channels: 1, classes: 10 }
const shapes: Readonly<Record<string, Shape>> = {
  base32: small,
  base64: small,
  digits: small,
  base128: { size: 32, channels: 3, classes: 10 },
}

/** Begins with the page, and tells the server, so that nothing of a driver's is in its time or its memory. */
async function report(query: URLSearchParams): Promise<void> {
  const told = await first(query).catch((error: unknown) => ({ error: String(error) }))
  await fetch('report', { method: 'POST', body: JSON.stringify(told) })
}

const query = new URLSearchParams(location.search)
if (query.has('contender')) void report(query)

const bench = {
  throughput,
  layers: (network: string): Promise<Measured> => measureLayers(network),
}
export type Bench = typeof bench

declare global {
  interface Window {
    bench: Bench
  }
}

window.bench = bench
