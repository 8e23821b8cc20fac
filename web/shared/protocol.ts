// What goes over the wire between the engine's client (on the page) and its worker.
// One request, one reply; a run also sends events while it goes on. Bulk data is transferred, not copied.

import type { EngineErrorKind, EngineErrorSubject } from './errors.ts'
import type {
  BoundRequest,
  BoundTerm,
  Edit,
  Explained,
  ExplainRequest,
  ModelInfo,
  Pictures,
  PictureValues,
  Plane,
  Recipe,
  RGBAPicture,
  ScheduleName,
  ScheduleTables,
  Walked,
  WalkRequest,
} from './engine.ts'

/** The calls, their arguments and their results. */
export interface Calls {
  /** First of all: the compiled module. It is sent rather than its address so that a fresh worker costs no download. */
  start: { args: { module: WebAssembly.Module }; result: null }
  /** A checkpoint of so many bytes, which follow. Where the page cannot hash it, the core does. */
  load: { args: { size: number; hashed: boolean }; result: ModelInfo }
  /** The next bytes of the checkpoint whose `load` had this id, transferred. */
  piece: { args: { load: number; bytes: ArrayBuffer }; result: null }
  /** There are no more, and this is its hash, if it was to be hashed; without one it broke off. */
  end: { args: { load: number; hash: string | undefined }; result: null }
  /** A picture as the model has them. */
  fit: { args: RGBAPicture & { digit: boolean }; result: Float32Array<ArrayBuffer> }
  parseRecipe: { args: { text: string }; result: Recipe }
  /** Replies when the run is over; its steps come as events. `first` and `count` choose images of the recipe. */
  run: {
    args: {
      recipe: string
      first: number
      count: number
      planes: readonly Plane[]
      beginning: Beginning | undefined
      /** Whether images share steps, so that they should not be cut into parts. */
      together: boolean
      beside: boolean
    }
    /** `values`: x after the last step, of an encoding. */
    result: { finished: boolean; values: Float32Array<ArrayBuffer> | undefined }
  }
  /** Ends the run whose request had this id, if it is still going. */
  cancel: { args: { run: number }; result: null }
  setPicture: { args: { width: number; height: number; data: ArrayBuffer }; result: null }
  /** `into` is memory for the result, if it is of its size. */
  noise: {
    args: { schedule: ScheduleName; T: number; t: number; seed: bigint; into: ArrayBuffer | undefined }
    result: ArrayBuffer
  }
  values: { args: { which: PictureValues }; result: Float32Array<ArrayBuffer> }
  schedule: { args: { name: ScheduleName; T: number }; result: ScheduleTables }
  setChain: { args: { width: number; height: number; data: ArrayBuffer }; result: null }
  walk: { args: Numbered<Required<WalkRequest>>; result: Walked }
  setExamples: { args: { rgba: ArrayBuffer; count: number }; result: null }
  explain: { args: Numbered<ExplainRequest>; result: Explained }
  weights: { args: { variance: string }; result: Float64Array<ArrayBuffer> }
  beginBound: { args: Numbered<BoundRequest>; result: null }
  nextTerm: { args: null; result: BoundTerm }
  predict: { args: { x: Float32Array<ArrayBuffer>; t: number; classIndex: number }; result: Float32Array<ArrayBuffer> }
}

/** What a run begins with besides its recipe. Pictures are one after the other. */
export type Beginning =
  | {
      readonly kind: Edit['kind']
      readonly pictures: Float32Array<ArrayBuffer>
      readonly known?: Uint8Array | undefined
    }
  | { readonly kind: 'encode'; readonly pictures: Float32Array<ArrayBuffer>; readonly refine: number }
  | { readonly kind: 'mistakes'; readonly mistakes: string }

/** A seed as it crosses. */
export type Numbered<T extends { seed: unknown }> = Omit<T, 'seed'> & { readonly seed: bigint }

export type CallName = keyof Calls

/** To the worker. */
export type Request = { [K in CallName]: { id: number; call: K; args: Calls[K]['args'] } }[CallName]

/** Images first … first + count − 1 of the recipe have come through step `index`. */
export interface StepEvent {
  readonly index: number
  readonly of: number
  readonly t: number
  readonly sigma: number
  readonly first: number
  readonly count: number
  readonly pictures: Readonly<Partial<Record<Plane, Pictures>>>
}

/** An error as it crosses: classes do not survive structured cloning. */
export interface WireError {
  readonly kind: EngineErrorKind
  readonly subject: EngineErrorSubject
  readonly message: string
}

/** From the worker. After `crash` it answers nothing any more. */
export type Reply =
  | { type: 'result'; id: number; value: unknown }
  | { type: 'error'; id: number; error: WireError }
  | { type: 'step'; id: number; step: StepEvent }
  | { type: 'crash'; message: string }
