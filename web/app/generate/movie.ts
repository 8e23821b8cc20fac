import type { Pictures } from '../../shared/engine.ts'
import type { Movie } from '../parts/movie/movie.ts'
import type { Film, Frame } from './film.ts'
import { sheet } from './sheet.ts'

/** What a film of any number of steps lasts, and how long its end stays, in milliseconds. */
const length = 4000
const rest = 2000
/** A step is not seen longer than this: short films may be shorter. */
const longest = 250

/** A run as a film of its sheets: what it looked like, at a pace that can be followed. */
export function movieOf(film: Film, shownOf: (frame: Frame) => Pictures = ({ x }) => x): Movie {
  const frames = [...film.frames]
  const pace = Math.min(longest, length / frames.length)
  // More than 25 pictures a second would only make the file larger.
  const stride = Math.ceil(40 / pace)
  const shown = frames.filter((_, i) => (frames.length - 1 - i) % stride === 0)
  return {
    count: shown.length,
    frame: (i) => sheet(shownOf(shown[i] as Frame)),
    milliseconds: (i) => (i === shown.length - 1 ? rest : pace * stride),
  }
}
