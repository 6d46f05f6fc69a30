import type { Difference, Estimate } from './estimate'

/** Writes a mean of shares in percent ± its standard error, as `75.87 ± 0.12`. */
export function meanText({ count, mean, standardError }: Estimate): string {
  if (count === 0) return '–'
  return `${points(mean)}${count > 1 ? ` ± ${points(standardError)}` : ''}`
}

/** Writes a difference of shares in percentage points ± half of its confidence interval, and where that holds nought. */
export function differenceText({ count, mean, margin, verdict }: Difference): string {
  if (count === 0) return '–'
  if (count === 1) return `${signed(mean)} (one seed)`
  return `${signed(mean)} ± ${points(margin)}${verdict === 'cannot tell' ? ' (cannot tell)' : ''}`
}

/** Writes a share in percentage points, with its sign. */
export function signed(share: number): string {
  return `${share < 0 ? '−' : '+'}${points(Math.abs(share))}`
}

function points(share: number): string {
  return (100 * share).toFixed(2)
}
