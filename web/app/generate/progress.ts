import { text } from '../messages/index.ts'
import { duration, whole } from '../parts/format.ts'
import type { Frame } from './film.ts'
import type { Runner } from './runner.ts'

/** How far a run is, with the time that is left by the pace so far. */
export function progressWords(runner: Runner, loaded: boolean): string {
  const { state, film } = runner
  const { last } = film
  const words = text.generate
  switch (state.name) {
    case 'loading':
      return loaded ? words.starting : words.loading
    case 'running': {
      if (state.remaining === undefined) return words.starting
      const done = last ? words.progress(whole(last.index), whole(last.of)) : words.first
      return `${done}, ${words.left(duration(state.remaining))}`
    }
    case 'done':
      return last ? words.done(last.of, whole(last.of), duration(state.elapsed)) : ''
    case 'cancelled':
      return last ? words.cancelled(whole(last.index), whole(last.of)) : words.cancelledEarly
    default:
      return words.idle
  }
}

/** Which step of a run a picture is of. */
export function whenWords({ index, of, t }: Frame): string {
  return text.generate.tileAt(whole(index), whole(of), whole(t))
}

/** What of it is said aloud: beginning and end, not every step. */
export function milestoneWords(runner: Runner, loaded: boolean): string {
  const { name } = runner.state
  if (name === 'running') return text.generate.starting
  return name === 'done' || name === 'cancelled' ? progressWords(runner, loaded) : ''
}
