/** The processes that train together, as `connect` of @bag-of-tricks/all-reduce gives them. */
export interface Ranks {
  readonly rank: number
  readonly size: number
  /** Puts sums over the ranks in place of the numbers, before it returns. */
  allReduceSync(arrays: Float32Array[], options: { operation: 'sum' }): unknown
}

/** Mean and plain variance of each channel, and of how many numbers they are. */
export interface Moments {
  count: number
  mean: ArrayLike<number>
  variance: ArrayLike<number>
}

/** Gives the moments of what all ranks have together, the same to the bit on each. Counts may differ. */
export function globalMoments(ranks: Ranks, local: Moments): Moments {
  const all = gather(ranks, local)
  const count = all.reduce((sum, { count }) => sum + count, 0)
  const average = (numberOf: (rank: Moments) => number) =>
    all.reduce((sum, rank) => sum + (rank.count / count) * numberOf(rank), 0)
  const mean = Float64Array.from(local.mean, (_, c) => average(({ mean }) => mean[c]!))
  // Chan et al., 1979: sums of squares would lose the digits of a variance that is small beside the mean.
  const variance = mean.map((center, c) => average(({ mean, variance }) => variance[c]! + (mean[c]! - center) ** 2))
  return { count, mean, variance }
}

/** Gives the moments of every rank: each fills in its own part of an array of zeros, and a sum leaves the others' as they are. */
function gather({ rank, size, allReduceSync }: Ranks, { count, mean, variance }: Moments): Moments[] {
  const channels = mean.length
  const length = 1 + 2 * channels
  const parts = new Float32Array(size * length)
  parts.set([count, ...Array.from(mean), ...Array.from(variance)], rank * length)
  allReduceSync([parts], { operation: 'sum' })
  return Array.from({ length: size }, (_, r) => {
    const [count, ...numbers] = parts.subarray(r * length, (r + 1) * length)
    return { count: count!, mean: numbers.slice(0, channels), variance: numbers.slice(channels) }
  })
}
