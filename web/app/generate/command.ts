import type { Runner } from './runner.ts'

/** The command line that does what a run did, from the folder of this project; empty before there was one. `rest` is what else it needs. */
export function commandOf(does: string, { recipe, film, file }: Runner, rest: string): string {
  if (!recipe || !film.last) return ''
  return `ddpm ${does} --model weights/${file?.file ?? ''} --recipe '${recipe.text}' ${rest}`
}
