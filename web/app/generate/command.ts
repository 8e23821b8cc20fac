import type { Recipe } from '../../shared/engine.ts'
import type { Engines } from '../state/engines.ts'

/** The command line that does what a run did, from the folder of this project. `rest` is what else it needs. */
export function commandOf(does: string, engines: Engines, recipe: Recipe, rest: string): string {
  return `ddpm ${does} --model weights/${engines.file?.file ?? ''} --recipe '${recipe.text}' ${rest}`
}
