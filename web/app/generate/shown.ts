import type { Frame } from './film.ts'
import type { Runner } from './runner.ts'

const still = matchMedia('(prefers-reduced-motion: reduce)')

/**
 * The frame of a run that is to be seen: the one that the visitor went back to, or the latest. Where motion is
 * unwelcome, a run that goes on shows itself in four pictures instead of a flicker.
 */
export function shownOf({ film, busy }: Runner, scrubbed: number | undefined): Frame | undefined {
  if (scrubbed !== undefined) return film.near(scrubbed)
  const { last } = film
  if (!last || !still.matches || !busy) return last
  const quarter = Math.ceil(last.of / 4)
  const due = Math.floor(last.index / quarter) * quarter
  return due === 0 ? undefined : film.near(due)
}
