import type { Difference, Estimate } from './estimate'

/**
 * Writes a mean of shares in percent ± its standard error, as `75.87 ± 0.12`.
 *
 * @param most Seeds that others are the mean of: fewer are counted in brackets.
 */
export function meanText({ count, mean, standardError }: Estimate, most = count): string {
  if (count === 0) return '–'
  const fewer = count < most ? ` (${seedsText(count)})` : ''
  return `${points(mean)}${count > 1 ? ` ± ${points(standardError)}` : ''}${fewer}`
}

/**
 * Writes a difference of shares in percentage points ± half of its confidence interval, and where that holds nought.
 *
 * @param most As of `meanText`.
 */
export function differenceText({ count, mean, margin, verdict }: Difference, most = count): string {
  if (count === 0) return '–'
  const spread = count > 1 && Number.isFinite(margin)
  const notes = [
    ...(count < most || count === 1 ? [seedsText(count)] : []),
    ...(count > 1 && !spread ? ['no spread'] : []),
    ...(count > 1 && verdict === 'cannot tell' ? ['cannot tell'] : []),
  ]
  return `${signed(mean)}${spread ? ` ± ${points(margin)}` : ''}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`
}

function seedsText(count: number): string {
  return count === 1 ? 'one seed' : `${count} seeds`
}

/** Writes a share in percentage points, with its sign. */
export function signed(share: number): string {
  return `${share < 0 ? '−' : '+'}${points(Math.abs(share))}`
}

function points(share: number): string {
  return (100 * share).toFixed(2)
}
