export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}

/** Effective GFLOP/s: twice the multiply-adds of the direct form over the time. */
export const rate = (multiplyAdds: number, milliseconds: number): number => (2 * multiplyAdds) / milliseconds / 1e6

/** How many times as fast ours is as the fastest peer: with each, the median of the ratios of neighbouring bursts. */
export const advantage = (ours: readonly number[], peers: readonly (readonly number[])[]): number =>
  Math.min(...peers.map((peer) => median(ours.map((time, i) => (peer[i] ?? Number.NaN) / time))))
