import type { Pictures, ScheduleTables } from '../../shared/engine.ts'
import type { Numbers } from '../parts/csv.ts'
import type { Film } from './film.ts'

/** The numbers of a run, step by step: where it was on the chain, how long it took, and what its pictures were like. */
export function numbersOf(film: Film, { alphaBar, signal, noise, logSNR }: ScheduleTables): Numbers {
  return {
    columns: [
      'step', 't', 't_after', 'alpha_bar', 'signal', 'noise', 'log_snr', 'elapsed_ms',
      'x_mean', 'x_deviation', 'x0_mean', 'x0_deviation',
    ], // prettier-ignore
    rows: film.frames.map((frame) => {
      const { index, t, elapsed, x, x0 } = frame
      const tables = [alphaBar, signal, noise, logSNR].map((table) => table[t] ?? NaN)
      return [index, t, film.leaves(frame) ?? '', ...tables, elapsed, ...moments(x), ...moments(x0)]
    }),
  }
}

/** Mean and deviation of all of a step's bytes, 0…255. */
function moments({ bytes }: Pictures): [mean: number, deviation: number] {
  let sum = 0
  for (const v of bytes) sum += v
  const mean = sum / bytes.length
  let square = 0
  for (const v of bytes) square += (v - mean) ** 2
  return [mean, Math.sqrt(square / bytes.length)]
}
