import type { Plane, RunOptions } from '../../shared/engine.ts'
import type { Explainer } from '../examples/explainer.ts'
import { Runner } from '../generate/runner.ts'
import type { Engines } from '../state/engines.ts'
import type { State } from '../state/table.ts'

/** What of each step is kept: x_t, ε̂, x̂_0, μ_θ and x_{t−1}. */
export const planes = ['before', 'eps', 'x0', 'mean', 'x'] as const satisfies readonly Plane[]

export const variances = ['beta_tilde', 'beta'] as const

/** Where a walk began, for the words beside it. */
export interface Origin {
  /** The t of x_t; undefined where it is noise. */
  readonly t: number | undefined
  /** Which of the examples. */
  readonly index: number
}

/**
 * Algorithm 2 twice, side by side: with σ² = β̃ and with σ² = β, from one x and with the same z at each step, so that
 * nothing but σ differs.
 */
export class Walkers {
  readonly runners: readonly [Runner, Runner]
  readonly #explainer: Explainer
  #origin: Origin | undefined

  constructor(engines: Engines, explainer: Explainer) {
    this.runners = [new Runner(engines), new Runner(engines)]
    this.#explainer = explainer
  }

  get origin(): Origin | undefined {
    return this.#origin
  }

  get busy(): boolean {
    return this.runners.some(({ busy }) => busy)
  }

  start({ pick, step, told, noise, walkFrom, walkSteps }: Readonly<State>): void {
    const { examples } = this.#explainer
    const index = this.#explainer.index(pick)
    const t = walkFrom === 'picture' ? Math.min(step, this.#explainer.end) : undefined
    this.#origin = { t, index }
    const steps = Math.min(walkSteps, t ?? this.#explainer.end)
    // The class belongs to the picture; of noise any may be asked for.
    const classIndex = told ? examples.classOf(index) : -1
    const recipe =
      `sampler=ddpm&spacing=uniform&steps=${steps}&clip=1&seed=${noise}&guidance=1&count=1` +
      `&classes=${classIndex < 0 ? 'none' : classIndex}${t === undefined ? '' : `&start=${t}`}`
    const picture = examples.pictures[index]
    for (const [i, runner] of this.runners.entries()) {
      void runner.start({
        model: '',
        choose: () => `${recipe}&variance=${variances[i]}`,
        prepare: async (engine): Promise<RunOptions> => {
          if (t === undefined || !picture) return { planes, beside: true }
          return {
            planes,
            beside: true,
            edit: { kind: 'vary', pictures: [await engine.fit(picture, false)] },
          }
        },
      })
    }
  }

  cancel(): void {
    for (const runner of this.runners) runner.cancel()
  }
}
