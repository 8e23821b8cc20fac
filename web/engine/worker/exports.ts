/** What wasm/engine exports. A string is a pointer and a length; a status below zero is an error. */
export interface CoreExports extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory
  readonly Allocate: (length: number) => number
  readonly Free: (pointer: number) => void
  readonly Collect: () => void
  readonly ReplyPointer: () => number
  readonly ReplyLength: () => number
  readonly LoadModel: (length: number) => number
  readonly NameModel: (hash: number, length: number) => number
  readonly LoadPlain: (length: number, config: number, configLength: number) => number
  readonly Arrived: (length: number) => number
  readonly StopLoading: () => void
  readonly ParseRecipe: (text: number, length: number) => number
  readonly BeginRun: (recipe: number, length: number, first: number, count: number) => number
  readonly FitPicture: (rgba: number, length: number, width: number, height: number, digit: number) => number
  readonly SetPictures: (values: number, length: number) => number
  readonly SetKnown: (mask: number, length: number) => number
  readonly BeginEdit: (recipe: number, length: number, first: number, count: number, edit: number) => number
  readonly BeginEncoding: (recipe: number, length: number, first: number, count: number, refine: number) => number
  readonly BeginMistaken: (
    recipe: number,
    length: number,
    first: number,
    count: number,
    mistakes: number,
    mistakesLength: number,
  ) => number
  readonly Step: (run: number) => number
  readonly StepBytes: (run: number, plane: number) => number
  readonly StepValues: (run: number, plane: number) => number
  readonly EndRun: (run: number) => number
  readonly SetPicture: (rgba: number, length: number, width: number, height: number) => number
  readonly Noise: (schedule: number, length: number, T: number, t: number, seed: bigint) => number
  readonly PictureValues: (which: number) => number
  readonly Schedule: (name: number, length: number, T: number) => number
  readonly SetChain: (rgba: number, length: number, width: number, height: number) => number
  readonly WalkChain: (schedule: number, length: number, T: number, t: number, seed: bigint, most: number) => number
  readonly ChainBytes: (which: number) => number
  readonly ChainNumbers: () => number
  readonly SetExamples: (rgba: number, length: number, count: number) => number
  readonly Explain: (
    index: number,
    t: number,
    seed: bigint,
    classIndex: number,
    variance: number,
    length: number,
  ) => number
  readonly SubjectBytes: (which: number) => number
  readonly Densities: (element: number, points: number) => number
  readonly Weights: (variance: number, length: number) => number
  readonly BeginBound: (
    index: number,
    classIndex: number,
    seed: bigint,
    strata: number,
    variance: number,
    length: number,
  ) => number
  readonly NextTerm: () => number
  readonly Predict: (x: number, length: number, t: number, classIndex: number) => number
}
