// The engine as the page has it: calls go to workers, and workers that die are replaced.

import type {
  BoundRequest,
  BoundTerm,
  EncodeOptions,
  Engine,
  Explained,
  ExplainRequest,
  ModelInfo,
  ModelSource,
  NoisedPicture,
  NoiseRequest,
  PictureValues,
  Recipe,
  RGBAPicture,
  RunOptions,
  RunStep,
  ScheduleName,
  ScheduleTables,
  Values,
  VarianceName,
  Walked,
  WalkRequest,
} from '../../shared/engine.ts'
import { EngineError } from '../../shared/errors.ts'
import type { Beginning, Numbered } from '../../shared/protocol.ts'
import { joined } from '../../shared/pictures.ts'
import { chunks } from './chunks.ts'
import { Lanes } from './lanes.ts'
import type { WorkerLike } from './link.ts'
import { Member, type Held, type ModelFile, type PictureData } from './member.ts'
import { runOn } from './run.ts'

const defaultT = 1000

export interface ClientOptions {
  readonly module: WebAssembly.Module
  readonly build: 'simd' | 'plain'
  readonly spawn: () => WorkerLike
  /** How many workers may share a run. */
  readonly workers: number
  /** Told of every crash, after the fresh worker was begun. */
  readonly onCrash?: ((error: EngineError) => void) | undefined
}

export class Client implements Engine {
  readonly build: 'simd' | 'plain'
  readonly #options: ClientOptions
  /** The workers with the model; the first one always is. A run wakes the others. */
  readonly #models: Member[]
  /** The worker with the picture, one of its own so that the slider is live during a run. */
  #pictures: Member | undefined
  /** The worker that walks chains: a walk is long, and the slider should not wait for its steps. */
  #walks: Member | undefined
  readonly #lanes = new Lanes<NoisedPicture>()
  readonly #walked = new Lanes<Walked>()
  readonly #steps = new Lanes<Explained>()
  readonly #schedules = new Map<string, Promise<ScheduleTables>>()
  #file: ModelFile | undefined
  #info: ModelInfo | undefined
  #size: { width: number; height: number } | undefined
  readonly #runs = new Set<AbortController>()
  #bound: AbortController | undefined
  #closed: DOMException | undefined

  constructor(options: ClientOptions) {
    this.#options = options
    this.build = options.build
    this.#models = [this.#member({})]
  }

  /** Resolves when the first worker stands. */
  async opened(): Promise<void> {
    await this.#first.link()
  }

  get model(): ModelInfo | undefined {
    return this.#first.hasModel ? this.#info : undefined
  }

  async load(model: ModelSource | Blob | ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<ModelInfo> {
    const source = typeof model === 'function' ? model : readerOf(model)
    this.#endRuns('Another model is loaded.')
    const info = await this.#first.load({ source })
    const named = { source, hash: info.hash }
    await Promise.all(this.#models.slice(1).map((member) => member.load(named)))
    this.#file = named
    this.#info = info
    return info
  }

  async parseRecipe(text: string): Promise<Recipe> {
    return (await this.#first.link()).call('parseRecipe', { text })
  }

  async *run(recipe: string, options: RunOptions = {}): AsyncIterableIterator<RunStep> {
    yield* this.#follow(recipe, options, beginningOf(options))
  }

  async encode(recipe: string, pictures: readonly Values[], options: EncodeOptions): Promise<Values[]> {
    const { refine, ...rest } = options
    const steps = this.#follow(recipe, { ...rest, planes: [] }, { kind: 'encode', pictures: joined(pictures), refine })
    let step = await steps.next()
    while (!step.done) step = await steps.next()
    const whole = joined(step.value)
    const each = whole.length / pictures.length
    return pictures.map((_, i) => whole.slice(i * each, (i + 1) * each))
  }

  async fit(picture: RGBAPicture, digit: boolean): Promise<Values> {
    const { width, height, data } = picture
    return (await this.#first.link()).call('fit', { width, height, data, digit })
  }

  async *#follow(
    recipe: string,
    options: RunOptions,
    beginning: Beginning | undefined,
  ): AsyncGenerator<RunStep, Values[]> {
    if (!options.beside) this.#endRuns('Another run has begun.')
    const own = new AbortController()
    this.#runs.add(own)
    const follow = () => own.abort(options.signal?.reason)
    if (options.signal?.aborted) follow()
    options.signal?.addEventListener('abort', follow, { once: true })
    try {
      own.signal.throwIfAborted()
      const parsed = await this.parseRecipe(recipe)
      own.signal.throwIfAborted()
      return yield* runOn(this.#team(parsed.count), parsed, options, own.signal, beginning)
    } finally {
      options.signal?.removeEventListener('abort', follow)
      own.abort()
      this.#runs.delete(own)
    }
  }

  #endRuns(why: string): void {
    for (const run of this.#runs) run.abort(new DOMException(why, 'AbortError'))
  }

  async setPicture(picture: { width: number; height: number; data: Uint8ClampedArray | Uint8Array }): Promise<void> {
    const data = sized(picture)
    this.#pictures ??= this.#member({})
    await this.#pictures.setPicture(data)
    this.#size = { width: data.width, height: data.height }
  }

  noise(request: NoiseRequest): Promise<NoisedPicture | undefined> {
    const { schedule, t, T = defaultT, lane = schedule, into } = request
    const seed = BigInt(request.seed)
    return this.#lanes.latest(lane, async () => {
      const { member, size } = this.#pictured()
      const link = member.standing ?? (await member.link())
      const old = into?.data.buffer
      const data = await link.call('noise', { schedule, T, t, seed, into: old }, old ? { transfer: [old] } : {})
      return { ...size, schedule, t, data: new Uint8ClampedArray(data) }
    })
  }

  async values(which: PictureValues): Promise<Float32Array<ArrayBuffer>> {
    return (await this.#pictured().member.link()).call('values', { which })
  }

  schedule(name: ScheduleName, T = defaultT): Promise<ScheduleTables> {
    // One that is being bent is another at each move; the worker that draws its pictures is the one that waits for it.
    if (name.includes(':')) {
      return (this.#pictures ?? this.#first).link().then((link) => link.call('schedule', { name, T }))
    }
    const key = `${name} ${T}`
    let tables = this.#schedules.get(key)
    if (!tables) {
      tables = this.#first.link().then((link) => link.call('schedule', { name, T }))
      tables.catch(() => this.#schedules.delete(key))
      this.#schedules.set(key, tables)
    }
    return tables
  }

  async setChain(picture: RGBAPicture): Promise<void> {
    this.#walks ??= this.#member({})
    await this.#walks.setChain(sized(picture))
  }

  walk(request: WalkRequest): Promise<Walked | undefined> {
    return this.#walked.latest('walk', async () => {
      if (!this.#walks) throw new EngineError('invalid', 'picture', 'There is no chain yet: set its picture first.')
      return (await this.#walks.link()).call('walk', { T: defaultT, ...numbered(request) })
    })
  }

  async setExamples(rgba: Uint8ClampedArray | Uint8Array, count: number): Promise<void> {
    await this.#first.setExamples({ rgba: new Uint8Array(rgba).buffer, count })
  }

  explain(request: ExplainRequest): Promise<Explained | undefined> {
    return this.#steps.latest('explain', async () => {
      return (await this.#first.link()).call('explain', numbered(request))
    })
  }

  async weights(variance: VarianceName): Promise<Float64Array> {
    return (await this.#first.link()).call('weights', { variance })
  }

  async *bound(request: BoundRequest, signal?: AbortSignal): AsyncIterableIterator<BoundTerm> {
    this.#bound?.abort(new DOMException('Another estimate has begun.', 'AbortError'))
    const own = new AbortController()
    this.#bound = own
    const ended = () => {
      signal?.throwIfAborted()
      own.signal.throwIfAborted()
    }
    try {
      ended()
      const link = await this.#first.link()
      ended()
      await link.call('beginBound', numbered(request))
      for (;;) {
        ended()
        const term = await link.call('nextTerm', null)
        ended()
        yield term
      }
    } finally {
      if (this.#bound === own) this.#bound = undefined
    }
  }

  async predict(x: Float32Array, t: number, classIndex: number): Promise<Float32Array<ArrayBuffer>> {
    return (await this.#first.link()).call('predict', { x: new Float32Array(x), t, classIndex })
  }

  rest(): void {
    const reason = new DOMException('The engine was put to rest.', 'AbortError')
    for (const member of this.#members()) member.rest(reason)
  }

  close(): void {
    this.#closed ??= new DOMException('The engine was closed.', 'AbortError')
    for (const member of this.#members()) member.close(this.#closed)
  }

  #members(): Member[] {
    return [...this.#models, this.#pictures, this.#walks].filter((member) => member !== undefined)
  }

  get #first(): Member {
    return this.#models[0] as Member
  }

  /** The members that share a run of count images. */
  #team(count: number): Member[] {
    const wanted = Math.max(1, Math.min(this.#options.workers, Math.ceil(count / 2)))
    while (this.#models.length < wanted) this.#models.push(this.#member(this.#file ? { model: this.#file } : {}))
    return this.#models.slice(0, wanted)
  }

  #pictured(): { member: Member; size: { width: number; height: number } } {
    if (!this.#pictures || !this.#size)
      throw new EngineError('invalid', 'picture', 'There is no picture yet: set one first.')
    return { member: this.#pictures, size: this.#size }
  }

  #member(held: Held): Member {
    const { module, spawn, onCrash } = this.#options
    return new Member(module, spawn, held, (error) => onCrash?.(error))
  }
}

function beginningOf({ edit, mistakes }: RunOptions): Beginning | undefined {
  if (mistakes) return { kind: 'mistakes', mistakes: mistakes.join(',') }
  if (!edit) return undefined
  const { kind } = edit
  return { kind, pictures: joined(edit.pictures), known: kind === 'fill' ? edit.known : undefined }
}

/** The browser holds an array's bytes as a Blob, outside the page's process. */
function readerOf(model: Blob | ArrayBuffer | Uint8Array<ArrayBuffer>): ModelSource {
  const blob = model instanceof Blob ? model : new Blob([model])
  async function* pieces() {
    try {
      yield* chunks(blob.stream())
    } catch (cause) {
      throw new EngineError('missing', 'model', 'The checkpoint can no longer be read: was its file changed?', {
        cause,
      })
    }
  }
  return async () => ({ size: blob.size, pieces: pieces() })
}

/** The picture's bytes in memory of their own, if they are as many as its size says. */
function sized(picture: { width: number; height: number; data: Uint8ClampedArray | Uint8Array }): PictureData {
  const { width, height, data } = picture
  if (data.length !== width * height * 4) {
    throw new EngineError(
      'invalid',
      'picture',
      `A ${width}×${height} picture has ${width * height * 4} bytes of RGBA, not ${data.length}.`,
    )
  }
  return { width, height, data: new Uint8Array(data).buffer }
}

function numbered<T extends { seed: string | number | bigint }>(request: T): Numbered<T> {
  return { ...request, seed: BigInt(request.seed) }
}
