import type { BoundTerm } from '../../shared/engine.ts'

/** Terms by t: where the same t was drawn more than once, their mean. Sorted by t; t = 1, the decoder's, is left out. */
export function byStep(terms: readonly BoundTerm[], value: (term: BoundTerm) => number): [number[], number[]] {
  const sums = new Map<number, { total: number; count: number }>()
  for (const term of terms) {
    if (term.t === 1) continue
    const sum = sums.get(term.t) ?? { total: 0, count: 0 }
    sum.total += value(term)
    sum.count++
    sums.set(term.t, sum)
  }
  const steps = [...sums.keys()].toSorted((a, b) => a - b)
  return [steps, steps.map((t) => mean(sums.get(t)))]
}

function mean(sum: { total: number; count: number } | undefined): number {
  return sum ? sum.total / sum.count : NaN
}
