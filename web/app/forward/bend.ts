import type { Prop } from '../state/props.ts'

// The bent schedule is given by points of its log SNR, evenly spread over t and falling; in the URL as
// "9,4.5,0,-4.5,-9". The core makes the schedule of them: here they are only kept apart and within the plot.

export const low = -12
export const high = 12
/** Points are on a grid of tenths, and each is one below the one before at least. */
const grid = 10
const least = 3
const most = 9

/** A straight line. */
export const straight = '9,4.5,0,-4.5,-9'

export function points(bend: string): number[] {
  return bend.split(',').map(Number)
}

/** What point i may be, between its neighbours: the lowest and the highest. */
export function limits(bend: string, i: number): readonly [number, number] {
  const at = points(bend)
  const [before = high + 1 / grid, after = low - 1 / grid] = [at[i - 1], at[i + 1]]
  return [tenth(after + 1 / grid), tenth(before - 1 / grid)]
}

/** With point i moved as near to a value as its neighbours let it. */
export function moved(bend: string, i: number, value: number): string {
  const [lowest, highest] = limits(bend, i)
  return points(bend)
    .with(i, tenth(Math.min(highest, Math.max(lowest, value))))
    .join(',')
}

export function bendProp(key: string): Prop<string> {
  const wanted = `${least}–${most} × ${high} > … > ${low}`
  return {
    key,
    initial: straight,
    parse(text) {
      const given = text.split(',')
      const numbers = given.map((one) => (/^-?\d{1,3}(\.\d{1,9})?$/.test(one) ? Number(one) : Number.NaN))
      if (given.length < least || given.length > most || numbers.some(Number.isNaN)) return { value: straight, wanted }
      const nearest = falling(numbers)
      const value = nearest.join(',')
      return nearest.every((one, i) => one === numbers[i]) ? { value } : { value, wanted }
    },
    format: (value) => value,
  }
}

/** The nearest points that fall from high to low at most, from the first on. */
function falling(given: readonly number[]): number[] {
  const found: number[] = []
  for (const [i, one] of given.entries()) {
    const room = (given.length - 1 - i) / grid // for those that come
    const below = i === 0 ? high : (found[i - 1] as number) - 1 / grid
    found.push(tenth(Math.min(below, Math.max(low + room, one))))
  }
  return found
}

function tenth(x: number): number {
  return Math.round(x * grid) / grid + 0 // not −0
}
