import type { Engine, RGBAPicture, ScheduleTables } from '../../shared/engine.ts'
import type { Numbers } from '../parts/csv.ts'
import type { Movie } from '../parts/movie/movie.ts'
import { type Kind, nameOf } from './schedules.ts'

/** Longest side of a film's pictures: every so many-th pixel of larger ones is taken, as it is. */
const largest = 256
const frames = 51
const milliseconds = 100
const rest = 1500
/** Pixels between pictures that are side by side. */
const gap = 8

/** The way from the picture to noise, each frame asked of the engine as the film is written. */
export function film(engine: Engine, kinds: readonly Kind[], bend: string, seed: string, T: number): Movie {
  return {
    count: frames,
    frame: async (i) => {
      const t = Math.round((i / (frames - 1)) * T)
      const pictures = await Promise.all(
        kinds.map((kind) => engine.noise({ schedule: nameOf(kind, bend), t, T, seed, lane: `film ${kind}` })),
      )
      return beside(pictures.filter((one) => one !== undefined).map(thin))
    },
    milliseconds: (i) => (i === 0 || i === frames - 1 ? rest : milliseconds),
  }
}

/** Pictures of one size side by side, on white. */
export function beside(pictures: readonly RGBAPicture[]): RGBAPicture {
  const { width: one = 1, height = 1 } = pictures[0] ?? {}
  const width = pictures.length * (one + gap) - gap
  const data = new Uint8ClampedArray(width * height * 4).fill(255)
  for (const [i, picture] of pictures.entries()) {
    for (let y = 0; y < height; y++) {
      const row = picture.data.subarray(y * one * 4, (y + 1) * one * 4)
      data.set(row, (y * width + i * (one + gap)) * 4)
    }
  }
  return { width, height, data }
}

function thin(picture: RGBAPicture): RGBAPicture {
  const stride = Math.ceil(Math.max(picture.width, picture.height) / largest)
  if (stride === 1) return picture
  const [width, height] = [Math.floor(picture.width / stride), Math.floor(picture.height / stride)]
  const from = new Uint32Array(picture.data.buffer)
  const to = new Uint32Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) to[y * width + x] = from[(y * picture.width + x) * stride] as number
  }
  return { width, height, data: new Uint8ClampedArray(to.buffer) }
}

/** The schedules' tables, one row for each t of each. */
export function tableNumbers(all: readonly (readonly [Kind, ScheduleTables])[]): Numbers {
  return {
    columns: ['schedule', 't', 'beta', 'alpha_bar', 'signal', 'noise', 'snr', 'log_snr'],
    rows: all.flatMap(
      ([kind, s]) =>
      Array.from(s.beta, (beta, t) => [
        kind, t, beta, ...[s.alphaBar, s.signal, s.noise, s.snr, s.logSNR].map((column) => column[t] ?? 0),
      ]), // prettier-ignore
    ),
  }
}
