// The Go core as an object: each method is one exported call of wasm/engine. Here, and nowhere else,
// are pointers and views on the module's memory; what leaves is copied out of it.

import type {
  BoundRequest,
  BoundTerm,
  Densities,
  Edit,
  Explained,
  ExplainRequest,
  ModelInfo,
  Pictures,
  PictureValues,
  Plane,
  Recipe,
  ScheduleName,
  ScheduleTables,
  StepPicture,
  Walked,
  WalkRequest,
} from '../../shared/engine.ts'
import type { Beginning, Numbered } from '../../shared/protocol.ts'
import type { Arrival } from './arrival.ts'
import type { CoreExports } from './exports.ts'
import { Source } from './source.ts'
import { Exit, WASI } from './wasi.ts'

/** The core refused what it was given, or was asked out of order. It goes on working. */
export class CoreError extends Error {
  override readonly name = 'CoreError'
}

/** What the module's memory may grow by, beyond what it keeps, before Go's collector begins: see wasm/engine/collect.go. */
const roomForGarbage = 32 << 20

/** The status of a checkpoint that is not open yet for want of its bytes. */
const waiting = 1

const planes: Readonly<Record<Plane, number>> = { x: 0, x0: 1, eps: 2, before: 3, mean: 4 }
const edits: Readonly<Record<Edit['kind'], number>> = { vary: 0, fill: 1, blend: 2, circle: 3 }
/** Numbers of a chain before its histograms: t, and three moments of three. */
const chainHead = 10
const pictureValues: Readonly<Record<PictureValues, number>> = { x0: 0, eps: 1, xt: 2 }

/** The order of wasm/engine's SubjectBytes. */
const stepPictures: readonly StepPicture[] = ['x0', 'xt', 'eps', 'epsHat', 'x0Hat', 'posteriorMean', 'reverseMean']

/** Enough numbers to name the head of a reply. */
type N = number
type Fifteen = [N, N, N, N, N, N, N, N, N, N, N, N, N, N, N]

function split(numbers: Float64Array, at: number): [Fifteen, Float64Array] {
  return [[...numbers.subarray(0, at)] as Fifteen, numbers.slice(at)]
}

function bytesOf(values: ArrayBufferView<ArrayBuffer>): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/** A step's numbers: the order of wasm/engine's step record. */
export interface CoreStep {
  readonly index: number
  readonly of: number
  readonly t: number
  readonly sigma: number
  readonly count: number
  readonly width: number
  readonly height: number
  readonly channels: number
}

export class Core {
  readonly #exports: CoreExports
  readonly #wasi: WASI
  /** How large the module's memory may be before that. */
  #full = 0
  #chain = { width: 0, height: 0 }
  readonly #source: Source
  #model: ModelInfo | undefined

  private constructor(exports: CoreExports, wasi: WASI, source: Source) {
    this.#exports = exports
    this.#wasi = wasi
    this.#source = source
    this.#leaveRoom()
  }

  static async open(module: WebAssembly.Module): Promise<Core> {
    const wasi = new WASI()
    const source = new Source()
    const readFile = (offset: number, pointer: number, length: number) => {
      source.read(offset >>> 0, new Uint8Array(exports.memory.buffer, pointer >>> 0, length >>> 0))
    }
    const instance = await WebAssembly.instantiate(module, {
      wasi_snapshot_preview1: wasi.imports,
      page: { readFile },
    })
    const exports = instance.exports as CoreExports
    wasi.attach(exports.memory)
    return new Core(exports, wasi, source)
  }

  /** What Go's runtime said when it died, for the crash report. */
  lastWords(error: unknown): string {
    const words = this.#wasi.log.split('\n\n')[0]?.trim()
    return words || (error instanceof Exit || error instanceof Error ? error.message : String(error))
  }

  get exports(): CoreExports {
    return this.#exports
  }

  /** Opens a checkpoint as it arrives. Until it is there the model is the one before. */
  load(arrival: Arrival): Promise<ModelInfo> {
    return this.#open(arrival, this.#exports.LoadModel)
  }

  /** A plain checkpoint under the ancestor's names, with its config.json. */
  loadPlain(arrival: Arrival, config: string): Promise<ModelInfo> {
    return this.#open(arrival, (length) => this.#withText(config, (p, n) => this.#exports.LoadPlain(length, p, n)))
  }

  parseRecipe(text: string): Recipe {
    this.#ask(this.#withText(text, this.#exports.ParseRecipe))
    return this.#json<Recipe>()
  }

  /** Begins a run of images first … first+count−1 of the recipe; count 0 is all from first on. */
  beginRun(recipe: string, first: number, count: number): number {
    return this.#ask(this.#withText(recipe, (p, n) => this.#exports.BeginRun(p, n, first, count)))
  }

  /** Gives the runs that begin next what they begin from. */
  setBeginning(beginning: Beginning): void {
    if (beginning.kind === 'mistakes') return
    this.#ask(this.#with(bytesOf(beginning.pictures), this.#exports.SetPictures))
    if ('known' in beginning && beginning.known) this.#ask(this.#with(beginning.known, this.#exports.SetKnown))
  }

  /** Like `beginRun`, from what `setBeginning` was given. */
  beginFrom(beginning: Beginning, recipe: string, first: number, count: number): number {
    const { BeginEdit, BeginEncoding, BeginMistaken } = this.#exports
    return this.#ask(
      this.#withText(recipe, (p, n) => {
        if (beginning.kind === 'encode') return BeginEncoding(p, n, first, count, beginning.refine)
        if (beginning.kind !== 'mistakes') return BeginEdit(p, n, first, count, edits[beginning.kind])
        return this.#withText(beginning.mistakes, (q, m) => BeginMistaken(p, n, first, count, q, m))
      }),
    )
  }

  fit(rgba: Uint8ClampedArray<ArrayBuffer>, width: number, height: number, digit: boolean): Float32Array<ArrayBuffer> {
    const { FitPicture } = this.#exports
    this.#ask(this.#with(bytesOf(rgba), (p, n) => FitPicture(p, n, width, height, digit ? 1 : 0)))
    return new Float32Array(this.#copy())
  }

  /** x of a run, as values. */
  stepValues(run: number): Float32Array<ArrayBuffer> {
    this.#ask(this.#exports.StepValues(run, planes.x))
    return new Float32Array(this.#copy())
  }

  /** Undefined when the run is over. */
  step(run: number): CoreStep | undefined {
    if (this.#ask(this.#exports.Step(run)) === 0) return undefined
    const record = this.#copy()
    const [index, of, t, count, height, width, channels] = new Uint32Array(record) as unknown as number[]
    const sigma = new Float32Array(record)[7]
    return { index, of, t, sigma, count, height, width, channels } as CoreStep
  }

  stepPictures(run: number, step: CoreStep, plane: Plane): Pictures {
    this.#ask(this.#exports.StepBytes(run, planes[plane]))
    const { count, width, height, channels } = step
    return { count, width, height, channels, bytes: new Uint8Array(this.#copy()) }
  }

  endRun(run: number): void {
    this.#ask(this.#exports.EndRun(run))
  }

  setPicture(rgba: ArrayBuffer, width: number, height: number): void {
    this.#ask(this.#with(new Uint8Array(rgba), (p, n) => this.#exports.SetPicture(p, n, width, height)))
  }

  /** Memory that was used before is mapped already; fresh memory takes longer than the picture. */
  noise(schedule: string, T: number, t: number, seed: bigint, into?: ArrayBuffer): ArrayBuffer {
    this.#ask(this.#withText(schedule, (p, n) => this.#exports.Noise(p, n, T, t, BigInt.asIntN(64, seed))))
    if (into?.byteLength !== this.#exports.ReplyLength()) return this.#copy()
    new Uint8Array(into).set(this.#view())
    return into
  }

  values(which: PictureValues): Float32Array<ArrayBuffer> {
    this.#ask(this.#exports.PictureValues(pictureValues[which]))
    return new Float32Array(this.#copy())
  }

  schedule(name: ScheduleName, T: number): ScheduleTables {
    this.#ask(this.#withText(name, (p, n) => this.#exports.Schedule(p, n, T)))
    const table = new Float64Array(this.#copy())
    const row = (i: number) => table.slice(i * (T + 1), (i + 1) * (T + 1))
    return {
      name,
      T,
      beta: row(0),
      alphaBar: row(1),
      signal: row(2),
      noise: row(3),
      snr: row(4),
      logSNR: row(5),
      stepSignal: row(6),
      stepNoise: row(7),
    }
  }

  setChain(rgba: ArrayBuffer, width: number, height: number): void {
    this.#ask(this.#with(new Uint8Array(rgba), (p, n) => this.#exports.SetChain(p, n, width, height)))
    this.#chain = { width, height }
  }

  walk({ schedule, T, t, seed, most }: Numbered<Required<WalkRequest>>): Walked {
    const left = this.#ask(
      this.#withText(schedule, (p, n) => this.#exports.WalkChain(p, n, T, t, BigInt.asIntN(64, seed), most)),
    )
    const picture = (which: number) => {
      this.#ask(this.#exports.ChainBytes(which))
      return { ...this.#chain, data: new Uint8ClampedArray(this.#copy()) }
    }
    const [chain, jump] = [picture(0), picture(1)]
    this.#ask(this.#exports.ChainNumbers())
    const numbers = new Float64Array(this.#copy())
    const moments = (at: number) => {
      const [mean, variance, noise] = numbers.slice(at, at + 3) as unknown as [number, number, number]
      return { mean, variance, noise }
    }
    const bins = (numbers.length - chainHead) / 3
    const density = (i: number) => numbers.slice(chainHead + i * bins, chainHead + (i + 1) * bins)
    return {
      t: numbers[0] as number,
      left,
      chain,
      jump,
      expected: moments(1),
      chainMoments: moments(4),
      jumpMoments: moments(7),
      histogram: { low: -4, high: 4, chain: density(0), jump: density(1), normal: density(2) },
    }
  }

  setExamples(rgba: ArrayBuffer, count: number): void {
    this.#ask(this.#with(new Uint8Array(rgba), (p, n) => this.#exports.SetExamples(p, n, count)))
  }

  explain(request: Numbered<ExplainRequest>): Explained {
    const { index, t, classIndex, variance, element, points } = request
    const seed = BigInt.asIntN(64, request.seed)
    this.#ask(this.#withText(variance, (p, n) => this.#exports.Explain(index, t, seed, classIndex, p, n)))
    const [numbers, shares] = split(new Float64Array(this.#copy()), 15)
    const [beta, alpha, alphaBar, alphaBarBefore, betaTilde, sigma, dimension, squares] = numbers
    const [, , , , , , , , weight, constant, regression, closed, general, bitsPerDim, offBest] = numbers
    // The core has a model, or it would have refused.
    const { imageSize: side, channels } = this.#model as ModelInfo
    const pictures = Object.fromEntries(
      stepPictures.map((name, which) => {
        this.#ask(this.#exports.SubjectBytes(which))
        return [name, { count: 1, width: side, height: side, channels, bytes: new Uint8Array(this.#copy()) }]
      }),
    ) as Record<StepPicture, Pictures>
    return {
      t,
      beta,
      alpha,
      alphaBar,
      alphaBarBefore,
      betaTilde,
      variance: sigma,
      dimension,
      squares,
      weight,
      constant,
      regression,
      closed,
      general,
      bitsPerDim,
      offBest,
      shares: [...shares],
      pictures,
      densities: this.#densities(element, points),
    }
  }

  #densities(element: number, points: number): Densities {
    this.#ask(this.#exports.Densities(element, points))
    const [head, curves] = split(new Float64Array(this.#copy()), 8)
    const [x0, xt, x0Hat, posteriorMean, reverseMean, divergence, low, high] = head
    const curve = (i: number) => curves.slice(i * points, (i + 1) * points)
    return {
      x0,
      xt,
      x0Hat,
      posteriorMean,
      reverseMean,
      divergence,
      low,
      high,
      posterior: curve(0),
      reverse: curve(1),
      mixture: curve(2),
    }
  }

  weights(variance: string): Float64Array<ArrayBuffer> {
    this.#ask(this.#withText(variance, this.#exports.Weights))
    return new Float64Array(this.#copy())
  }

  beginBound({ index, classIndex, seed, strata, variance }: Numbered<BoundRequest>): void {
    const bits = BigInt.asIntN(64, seed)
    this.#ask(this.#withText(variance, (p, n) => this.#exports.BeginBound(index, classIndex, bits, strata, p, n)))
  }

  nextTerm(): BoundTerm {
    this.#ask(this.#exports.NextTerm())
    const numbers = new Float64Array(this.#copy()) as unknown as Fifteen
    const [t, term, square, rounds, prior] = numbers
    const estimated = (i: number) => ({ mean: numbers[i] as number, error: numbers[i + 1] as number })
    return {
      t,
      term,
      square,
      rounds,
      prior,
      divergence: estimated(5),
      decoder: estimated(7),
      total: estimated(9),
      simple: estimated(11),
    }
  }

  predict(x: Float32Array<ArrayBuffer>, t: number, classIndex: number): Float32Array<ArrayBuffer> {
    this.#ask(this.#with(bytesOf(x), (p, n) => this.#exports.Predict(p, n, t, classIndex)))
    return new Float32Array(this.#copy())
  }

  #check(status: number): number {
    if (status < 0) throw new CoreError(this.#text())
    return status
  }

  #ask(status: number): number {
    this.#check(status)
    // A reply survives that.
    if (this.#exports.memory.buffer.byteLength > this.#full) {
      this.#exports.Collect()
      this.#full = Infinity
    }
    return status
  }

  #leaveRoom(): void {
    this.#full = this.#exports.memory.buffer.byteLength + roomForGarbage
  }

  // No `finally`: after a trap the instance is dead, and freeing in it would hide why.
  #with(bytes: Uint8Array, call: (pointer: number, length: number) => number): number {
    const pointer = this.#exports.Allocate(bytes.length)
    new Uint8Array(this.#exports.memory.buffer, pointer, bytes.length).set(bytes)
    const status = call(pointer, bytes.length)
    this.#exports.Free(pointer)
    return status
  }

  /** The core reads what it needs of the file, and keeps none of it. */
  async #open(arrival: Arrival, load: (length: number) => number): Promise<ModelInfo> {
    const { size } = arrival
    this.#source.begin(!arrival.hashed)
    try {
      this.#check(load(size))
      let opened = this.#arrived(size)
      for (let bytes = await arrival.next(); bytes; bytes = await arrival.next()) {
        this.#source.add(bytes)
        opened ||= this.#arrived(size)
      }
      const { hash } = arrival
      if (!opened || hash === undefined) {
        this.#exports.StopLoading()
        throw new CoreError(`checkpoint: of ${size} bytes only ${this.#source.length} have come`)
      }
      this.#ask(this.#withText(hash, this.#exports.NameModel))
      return (this.#model = this.#json<ModelInfo>())
    } finally {
      this.#source.clear()
    }
  }

  /** Has the core go on with what there is of a file of that size: true when its model is there. */
  #arrived(size: number): boolean {
    const { length } = this.#source
    if (length > size) throw new CoreError(`checkpoint: more bytes have come than the ${size} that were announced`)
    const waits = this.#check(this.#exports.Arrived(length)) === waiting
    this.#leaveRoom() // what has grown are weights
    return !waits
  }

  #withText(text: string, call: (pointer: number, length: number) => number): number {
    return this.#with(new TextEncoder().encode(text), call)
  }

  #view(): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer, this.#exports.ReplyPointer(), this.#exports.ReplyLength())
  }

  #copy(): ArrayBuffer {
    return this.#view().slice().buffer
  }

  #text(): string {
    return new TextDecoder().decode(this.#copy())
  }

  #json<T>(): T {
    return JSON.parse(this.#text()) as T
  }
}
