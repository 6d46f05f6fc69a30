import { studentsT } from './students-t'

/** A mean over seeds and how sure it is. */
export interface Estimate {
  count: number
  mean: number
  /** Of the mean: s/√n with the sample's s, by n − 1. NaN for a single value. */
  standardError: number
}

export interface Difference extends Estimate {
  /** Half the width of the 95 % confidence interval of the mean, by Student's t; infinite where a single pair, or pairs that all differ alike, show no spread. */
  margin: number
  /** What can be said of the sign. */
  verdict: 'better' | 'worse' | 'cannot tell'
}

/** Differences that are equal differ by no more, as shares in float64. */
const rounding = 1e-12

export function estimate(values: readonly number[]): Estimate {
  const count = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { count, mean, standardError: Math.sqrt(squares / (count - 1) / count) }
}

/** Compares two trainings seed by seed: what one seed does to both, such as the order of pictures, falls out. */
export function pairedDifference(after: ReadonlyMap<number, number>, before: ReadonlyMap<number, number>): Difference {
  const seeds = [...after.keys()].filter((seed) => before.has(seed))
  const found = estimate(seeds.map((seed) => after.get(seed)! - before.get(seed)!))
  // Few held-back pictures make accuracies coarse: that all seeds gain one picture does not mean that any would.
  const spreads = found.standardError > rounding
  const margin = spreads ? studentsT(found.count - 1) * found.standardError : Number.POSITIVE_INFINITY
  const verdict = found.mean - margin > 0 ? 'better' : found.mean + margin < 0 ? 'worse' : 'cannot tell'
  return { ...found, margin, verdict }
}
