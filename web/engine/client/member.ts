// A worker with its engine, kept alive: when it crashes, a fresh one takes its place and is given what
// the old one held. The page need not know but for the calls that were under way.

import { EngineError } from '../../shared/errors.ts'
import type { ModelInfo, ModelSource } from '../../shared/engine.ts'
import type { Calls } from '../../shared/protocol.ts'
import { Link, type WorkerLike } from './link.ts'
import { send } from './send.ts'

/** A checkpoint, and its name in recipes once that is known. */
export interface ModelFile {
  readonly source: ModelSource
  readonly hash?: string
}

export interface PictureData {
  readonly width: number
  readonly height: number
  readonly data: ArrayBuffer
}

/** What a fresh engine must be given to stand in for a crashed one. */
export interface Held {
  model?: ModelFile
  examples?: Calls['setExamples']['args']
  picture?: PictureData
  chain?: PictureData
}

export class Member {
  readonly #module: WebAssembly.Module
  readonly #spawn: () => WorkerLike
  readonly #onCrash: (error: EngineError) => void
  #held: Held
  #link!: Link
  /** Resolves when the present worker holds all it should. */
  #ready!: Promise<unknown>
  #standing = false
  /** Whether the present worker was put to rest, or could not be given what it should hold: the next call begins another. */
  #over = false
  #closed = false

  constructor(module: WebAssembly.Module, spawn: () => WorkerLike, held: Held, onCrash: (error: EngineError) => void) {
    this.#module = module
    this.#spawn = spawn
    this.#held = held
    this.#onCrash = onCrash
    this.#begin()
  }

  /** The worker to call, once it stands. Rejects if it cannot be had; the next call tries again. */
  async link(): Promise<Link> {
    if (this.#over && !this.#closed) {
      // It may be alive with only half of what it should hold, and nobody will ask it again.
      this.#link.close(new DOMException('Another worker takes its place.', 'AbortError'))
      this.#begin()
    }
    await this.#ready
    return this.#link
  }

  /** The worker, if it stands already: a call that follows a hand should not wait for its turn. */
  get standing(): Link | undefined {
    return this.#standing && !this.#closed ? this.#link : undefined
  }

  /** Whether a model was loaded and has not been given up. */
  get hasModel(): boolean {
    return this.#held.model !== undefined
  }

  async load(file: ModelFile): Promise<ModelInfo> {
    const info = await loadInto(await this.link(), file)
    const model = { ...file, hash: info.hash }
    const { picture } = this.#held
    // The examples were of the model before.
    this.#held = picture ? { model, picture } : { model }
    return info
  }

  async setExamples(examples: Calls['setExamples']['args']): Promise<void> {
    await (await this.link()).call('setExamples', examples)
    this.#held = { ...this.#held, examples }
  }

  async setChain(chain: PictureData): Promise<void> {
    await (await this.link()).call('setChain', chain)
    this.#held = { ...this.#held, chain }
  }

  async setPicture(picture: PictureData): Promise<void> {
    await (await this.link()).call('setPicture', picture)
    this.#held = { ...this.#held, picture }
  }

  /** Ends the worker, until it is asked for again. */
  rest(reason: unknown): void {
    this.#over = true
    this.#standing = false
    this.#link.close(reason)
  }

  close(reason: unknown): void {
    this.#closed = true
    this.#link.close(reason)
  }

  #begin(): void {
    this.#link = new Link(this.#spawn(), (error) => this.#replace(error))
    this.#ready = this.#furnish(this.#link)
  }

  #replace(error: EngineError): void {
    // A worker that dies before it stands would die again with the same file in hand, or for ever.
    if (!this.#standing) {
      if (error.kind !== 'crashed' || Object.keys(this.#held).length === 0) return
      this.#held = {}
    }
    this.#begin()
    this.#onCrash(error)
  }

  #furnish(link: Link): Promise<unknown> {
    this.#standing = false
    this.#over = false
    const { model, examples, picture, chain } = this.#held
    const steps: Promise<unknown>[] = [link.call('start', { module: this.#module })]
    if (model) {
      const loaded = loadInto(link, model)
      steps.push(loaded)
      if (examples) steps.push(loaded.then(() => link.call('setExamples', examples)))
    }
    if (picture) steps.push(link.call('setPicture', picture))
    if (chain) steps.push(link.call('setChain', chain))
    const ready = Promise.all(steps)
    ready.then(
      () => {
        if (link === this.#link) this.#standing = true
      },
      () => {
        if (link === this.#link) this.#over = true // told to whoever calls
      },
    )
    return ready
  }
}

/** Its bytes are nobody's but the worker's, which needs them no longer than it reads them. */
async function loadInto(link: Link, { source, hash }: ModelFile): Promise<ModelInfo> {
  const info = await send(link, await source())
  if (hash !== undefined && info.hash !== hash) {
    const message = `The checkpoint is another one by now (${info.hash}, not ${hash}): load it anew.`
    throw new EngineError('corrupt', 'model', message)
  }
  return info
}
