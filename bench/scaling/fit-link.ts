import type { Link } from './collectives'

/** A sum that was timed. */
export interface TimedSum {
  workers: number
  bytes: number
  seconds: number
}

/**
 * The link whose rings come nearest to what was timed, by least squares of relative errors: t = 2(p − 1)/p · n · (1/B) +
 * 2(p − 1) · α is linear in 1/B and α.
 */
export function fitLink(timed: readonly TimedSum[]): Link {
  let [xx, xy, yy, x1, y1] = [0, 0, 0, 0, 0]
  for (const { workers, bytes, seconds } of timed) {
    const messages = 2 * (workers - 1)
    const [x, y] = [((messages / workers) * bytes) / seconds, messages / seconds]
    xx += x * x
    xy += x * y
    yy += y * y
    x1 += x
    y1 += y
  }
  const determinant = xx * yy - xy * xy
  return { bandwidth: determinant / (x1 * yy - y1 * xy), latency: (y1 * xx - x1 * xy) / determinant }
}
