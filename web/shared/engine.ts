// What the page can ask of an engine. All mathematics happens in the Go core behind it;
// all of its pictures and numbers come from there.

/**
 * A schedule of β_t as the core knows it: by name, cosine with its SNR shifted ("shifted:2"), or by points that its
 * log SNR goes through, the first at t = 1 and the last at T: "logsnr:9,4.5,0,-4.5,-9".
 */
export type ScheduleName = 'linear' | 'cosine' | 'sigmoid' | `shifted:${string}` | `logsnr:${string}`

/** A checkpoint, as the core describes it once it is loaded. */
export interface ModelInfo {
  /** First 12 hex digits of the file's SHA-256: how a recipe names its model. */
  readonly hash: string
  readonly name: string
  readonly imageSize: number
  /** 1 for grey pictures, 3 for colour. */
  readonly channels: number
  /** Labels by class index; empty for an unconditional model. */
  readonly classes: readonly string[]
  readonly schedule: ScheduleName
  /** T: the number of steps that the network was trained with. */
  readonly timesteps: number
  /** What the network was trained to predict: "eps", "v", "x0", "mu" or "residual". */
  readonly prediction: string
  readonly parameters: number
  /** Multiply-adds of one evaluation on one image. */
  readonly multiplyAdds: number
  /** What the file says a recipe means by keys that it leaves out, such as "guidance=2"; may be empty. */
  readonly recipe: string
  /** Everything else that the file says of itself: data, command, images seen… */
  readonly metadata: Readonly<Record<string, string>>
}

/** A recipe in its fields, as the core parsed it. `text` is the canonical form: the URL's. */
export interface Recipe {
  readonly text: string
  readonly model: string
  readonly sampler: string
  readonly steps: number
  readonly eta: number
  readonly variance: string
  readonly spacing: string
  /** Decimal digits: seeds have 64 bits, more than a number holds. */
  readonly seed: string
  /** Classes cycled over the images; −1 is the null class. */
  readonly classes: readonly number[]
  readonly guidance: number
  /** The first and the last t at which guidance acts, as 1-600; '' for every t. */
  readonly interval: string
  readonly count: number
  readonly clip: boolean
  /** The t that given pictures are noised to; 0 is from pure noise. */
  readonly start: number
  /** The t down to which all images are one; 0 is for none. */
  readonly branch: number
}

/** n pictures of one size as bytes: image after image, rows from the top, channels interleaved. */
export interface Pictures {
  readonly count: number
  readonly width: number
  readonly height: number
  /** 1 or 3, see `rgba` in pictures.ts. */
  readonly channels: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** What of a step is wanted as pictures: x after the step, the predicted x̂_0 and ε̂, x before the step, and μ_θ. */
export type Plane = 'x' | 'x0' | 'eps' | 'before' | 'mean'

/** One denoising step of a run, complete over all of its images. */
export interface RunStep {
  /** 1 … of. */
  readonly index: number
  readonly of: number
  /** The paper's t that x_t had before this step; it leaves x at the next lower t of the run, 0 at the end. */
  readonly t: number
  /** σ_t of the noise that the step added. */
  readonly sigma: number
  readonly pictures: Readonly<Partial<Record<Plane, Pictures>>>
  /** Milliseconds since the run began. */
  readonly elapsed: number
  /** Milliseconds until its end, by the pace measured so far. */
  readonly remaining: number
}

/** Pictures as the model has them: float32 in [−1, 1], [imageSize][imageSize][channels]. */
export type Values = Float32Array<ArrayBuffer>

/**
 * Pictures that a run begins from in place of noise. To vary one, it is noised to the recipe's start; to fill, what
 * is known of it (a number a pixel, 1 or 0) is kept; to blend two is to go from one to the other by their x_t, which
 * share ε; the circle goes between two x_T, as `encode` gives them.
 */
export type Edit =
  | { readonly kind: 'vary'; readonly pictures: readonly [Values] }
  | { readonly kind: 'fill'; readonly pictures: readonly [Values]; readonly known: Uint8Array }
  | { readonly kind: 'blend' | 'circle'; readonly pictures: readonly [Values, Values] }

/** What people get wrong in Algorithm 2; see wasm/engine/mistake.go. */
export const mistakes = ['range', 'clip', 'last', 'time', 'schedule', 'root'] as const
export type Mistake = (typeof mistakes)[number]

export interface RunOptions {
  readonly edit?: Edit
  /** Makes these mistakes; the recipe's sampler must be ddpm. */
  readonly mistakes?: readonly Mistake[]
  /** Goes on in turns with the runs that are under way, instead of ending them. */
  readonly beside?: boolean
  /** Ends the run: within the evaluation of a few images, with an `AbortError`. */
  readonly signal?: AbortSignal
  /** Default: x and x0. */
  readonly planes?: readonly Plane[]
  /** Called several times within a step when the count is large: share of the whole run done, 0…1. */
  readonly onProgress?: (progress: RunProgress) => void
}

export interface RunProgress {
  readonly share: number
  readonly elapsed: number
  readonly remaining: number
}

export interface EncodeOptions extends Pick<RunOptions, 'signal' | 'onProgress'> {
  /** How often each step is iterated further than once: the more, the closer sampling comes back to the picture. */
  readonly refine: number
}

/** A schedule's tables, float64, each with T + 1 entries: the index is the paper's t, entry 0 the clean image. */
export interface ScheduleTables {
  readonly name: ScheduleName
  readonly T: number
  readonly beta: Float64Array
  readonly alphaBar: Float64Array
  /** √ᾱ_t, the share of the picture's amplitude that is left. */
  readonly signal: Float64Array
  /** √(1 − ᾱ_t), the noise's amplitude. */
  readonly noise: Float64Array
  /** ᾱ_t / (1 − ᾱ_t); Infinity at 0. */
  readonly snr: Float64Array
  readonly logSNR: Float64Array
  /** √(1 − β_t), what one step leaves of x_{t−1}. */
  readonly stepSignal: Float64Array
  /** √β_t, the noise that one step adds. */
  readonly stepNoise: Float64Array
}

/** An RGBA picture, as `ImageData` has it. */
export interface RGBAPicture {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray<ArrayBuffer>
}

export interface NoiseRequest {
  readonly schedule: ScheduleName
  /** 0 … T. */
  readonly t: number
  /** Default 1000. */
  readonly T?: number
  /** Which ε. The same seed keeps it: as t moves, only the weights of x_0 and ε change. */
  readonly seed: string | number | bigint
  /**
   * Requests of one lane replace each other while they wait: only the newest is computed.
   * Default: the schedule's name.
   */
  readonly lane?: string
  /** A picture from before that is not needed any more: its data is taken away and its memory used again. */
  readonly into?: NoisedPicture | undefined
}

/** q(x_t | x_0) of the picture, alpha opaque. */
export interface NoisedPicture extends RGBAPicture {
  readonly schedule: ScheduleName
  readonly t: number
}

/** The float32 values behind the latest noised picture, [height][width][3], for those who check the numbers. */
export type PictureValues = 'x0' | 'eps' | 'xt'

export interface WalkRequest {
  readonly schedule: ScheduleName
  /** 0 … T: where to go. */
  readonly t: number
  /** Default 1000. */
  readonly T?: number
  readonly seed: string | number | bigint
  /** Steps to take at most before it is shown where the walk stands. */
  readonly most: number
}

/** Mean and variance of x_t's values, and the variance of the noise in them. */
export interface Moments {
  readonly mean: number
  readonly variance: number
  readonly noise: number
}

/** Where a walk stands, and what the jump to the same t gives. */
export interface Walked {
  readonly t: number
  /** Steps that are left to where it was to go. */
  readonly left: number
  readonly chain: RGBAPicture
  readonly jump: RGBAPicture
  /** What is to be expected of both, and what they are. */
  readonly expected: Moments
  readonly chainMoments: Moments
  readonly jumpMoments: Moments
  readonly histogram: Histogram
}

/** Densities of values in equal bins from low to high. */
export interface Histogram {
  readonly low: number
  readonly high: number
  readonly chain: Float64Array
  readonly jump: Float64Array
  /** N(0, 1) in the same bins. */
  readonly normal: Float64Array
}

/** σ_t² of p_θ: "beta", "beta_tilde", or a number from 0 (β̃) to 1 (β). */
export type VarianceName = string

/** One example as x_0, and what the network is asked about it. */
export interface ExampleRequest {
  /** Which of the examples. */
  readonly index: number
  /** Class that the network is told; −1 is the null class. */
  readonly classIndex: number
  readonly seed: string | number | bigint
  readonly variance: VarianceName
}

export interface ExplainRequest extends ExampleRequest {
  /** 2 … T. */
  readonly t: number
  /** Which number of the picture the densities are of: (y·width + x)·channels + channel. */
  readonly element: number
  /** Points of each density. */
  readonly points: number
}

/** The pictures of one step: what it begins with, what the network makes of it, and both Gaussians' means. */
export type StepPicture = 'x0' | 'xt' | 'eps' | 'epsHat' | 'x0Hat' | 'posteriorMean' | 'reverseMean'

/** One step of the chain at an example's x_t, in numbers. Divergences are in nats unless they say otherwise. */
export interface Explained {
  readonly t: number
  readonly beta: number
  readonly alpha: number
  readonly alphaBar: number
  readonly alphaBarBefore: number
  /** β̃_t, the variance of q(x_{t−1}|x_t,x_0). */
  readonly betaTilde: number
  /** σ_t², the variance of p_θ(x_{t−1}|x_t). */
  readonly variance: number
  /** d: numbers in a picture. */
  readonly dimension: number
  /** ‖ε − ε̂‖². */
  readonly squares: number
  /** What L_{t−1} multiplies that with, and what it adds. */
  readonly weight: number
  readonly constant: number
  /** L_{t−1} three ways: as that regression, in closed form, and by the formula for any two Gaussians. */
  readonly regression: number
  readonly closed: number
  readonly general: number
  readonly bitsPerDim: number
  /** ‖ε̂ − E[ε|x_t]‖²/d, the best guess being that for a world of these examples alone. */
  readonly offBest: number
  /** q(x_0|x_t) of each example. */
  readonly shares: readonly number[]
  readonly pictures: Readonly<Record<StepPicture, Pictures>>
  readonly densities: Densities
}

/** One number of x_{t−1}, and who believes what about it. */
export interface Densities {
  readonly x0: number
  readonly xt: number
  readonly x0Hat: number
  readonly posteriorMean: number
  readonly reverseMean: number
  /** KL(q(x_{t−1}|x_t,x_0) ‖ p_θ) of this number alone, in nats. */
  readonly divergence: number
  /** Where the densities are: equal steps from low to high. */
  readonly low: number
  readonly high: number
  /** q(x_{t−1}|x_t,x_0). */
  readonly posterior: Float64Array
  /** p_θ(x_{t−1}|x_t). */
  readonly reverse: Float64Array
  /** q(x_{t−1}|x_t), if the examples are all there is. */
  readonly mixture: Float64Array
}

export interface BoundRequest extends ExampleRequest {
  /** Terms a round besides the decoder's: 2…T is cut into so many strata. */
  readonly strata: number
}

/** A mean of rounds with its standard error, which is infinite until there are two. */
export interface Estimated {
  readonly mean: number
  readonly error: number
}

/** One more term of the bound, and what is known of all of it now; bits/dim. */
export interface BoundTerm {
  readonly t: number
  /** L_{t−1}; L_0 at t = 1. */
  readonly term: number
  /** ‖ε − ε̂‖²/d. */
  readonly square: number
  /** Complete rounds, of which the means below are. */
  readonly rounds: number
  /** L_T, exactly. */
  readonly prior: number
  /** Σ L_{t−1} over t = 2…T. */
  readonly divergence: Estimated
  /** L_0. */
  readonly decoder: Estimated
  readonly total: Estimated
  /** ‖ε − ε̂‖²/d over t = 1…T. */
  readonly simple: Estimated
}

/** A checkpoint that may be still on its way: so many bytes, in pieces from its beginning to its end. */
export interface Checkpoint {
  readonly size: number
  readonly pieces: AsyncIterable<Uint8Array<ArrayBuffer>>
}

/** Gives a checkpoint, whose bytes are the asker's from then on. It may be asked again. */
export type ModelSource = () => Promise<Checkpoint>

export interface Engine {
  /**
   * Loads a checkpoint (safetensors) in place of the one before. Of an array a copy is made; of a source, such as
   * `fetchModel` gives, and of a Blob, such as a File, nothing is kept: it is read again for each further worker.
   */
  load(model: ModelSource | Blob | ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<ModelInfo>

  /** The loaded checkpoint, if any. It survives a crash: a fresh engine loads it again. */
  readonly model: ModelInfo | undefined

  /**
   * Reads a recipe: any subset of its keys in any order, the rest being the loaded model's defaults.
   * Rejects as `invalid` with what would be right; needs a model.
   */
  parseRecipe(text: string): Promise<Recipe>

  /**
   * Runs a recipe, yielding step after step. One run at a time, but for those beside it: another one ends it with an
   * `AbortError`, as does another model. Leaving the loop ends it too.
   */
  run(recipe: string, options?: RunOptions): AsyncIterableIterator<RunStep>

  /**
   * The x_T from which a ddim recipe without noise, of as many images, draws these pictures again: DDIM run
   * backwards. A recipe that clips or guides does not come back as closely.
   */
  encode(recipe: string, pictures: readonly Values[], options: EncodeOptions): Promise<Values[]>

  /**
   * Makes of any picture what the model was trained on: its middle square, scaled, grey for one channel. `digit`
   * places it as MNIST's digits are: white on black, 20 of 28 pixels large, the centre of mass in the middle.
   */
  fit(picture: RGBAPicture, digit: boolean): Promise<Values>

  /** Takes the picture that `noise` works on. Its alpha is ignored: flatten it before. */
  setPicture(picture: { width: number; height: number; data: Uint8ClampedArray | Uint8Array }): Promise<void>

  /** q(x_t | x_0) of the picture. Resolves to undefined if a newer request of its lane replaced it. */
  noise(request: NoiseRequest): Promise<NoisedPicture | undefined>

  /** Float values of the picture, of the latest ε, or of the latest x_t. */
  values(which: PictureValues): Promise<Float32Array<ArrayBuffer>>

  schedule(name: ScheduleName, T?: number): Promise<ScheduleTables>

  /** Takes the picture that `walk` works on: a small one, for a walk computes every step. Its alpha is ignored. */
  setChain(picture: RGBAPicture): Promise<void>

  /**
   * Goes along the chain x_0, x_1, … one Markov step after another, by at most so many steps: what is left is asked
   * for again. Resolves to undefined if a newer request replaced it.
   */
  walk(request: WalkRequest): Promise<Walked | undefined>

  /**
   * One evaluation of the network on one image: x is [imageSize][imageSize][channels], t the paper's,
   * class −1 the null class. Gives ε̂ in the same layout, whatever the network predicts.
   */
  predict(x: Float32Array, t: number, classIndex: number): Promise<Float32Array<ArrayBuffer>>

  /**
   * Takes `count` pictures of the model's size, RGBA one after the other, that stand for all there are: in so small
   * a world q(x_{t−1}|x_t) can be computed. Their alpha is ignored, and a grey model sees their luminance.
   */
  setExamples(rgba: Uint8ClampedArray | Uint8Array, count: number): Promise<void>

  /** One step of the chain at an example. Resolves to undefined if a newer request replaced it. */
  explain(request: ExplainRequest): Promise<Explained | undefined>

  /** What L_{t−1} multiplies ‖ε − ε̂‖² with, for t = 0…T; from 1 on. */
  weights(variance: VarianceName): Promise<Float64Array>

  /** Evaluates the bound of an example, term after term, without end. Leaving the loop ends it. */
  bound(request: BoundRequest, signal?: AbortSignal): AsyncIterableIterator<BoundTerm>

  /** "simd" or "plain": which build of the core this browser runs. */
  readonly build: 'simd' | 'plain'

  /**
   * Ends all work and the workers, and gives their memory back. Pending calls reject with an `AbortError`. The next call
   * starts what it needs again, with the model and the pictures that were there.
   */
  rest(): void

  /** The same for good: later calls reject too. */
  close(): void
}
