export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}

/** Effective GFLOP/s: twice the multiply-adds of the direct form over the time. */
export const rate = (multiplyAdds: number, milliseconds: number): number => (2 * multiplyAdds) / milliseconds / 1e6
