import { gammaln } from 'simple-statistics'

/** Gives the density of Beta(α, α), for x in (0, 1). */
export function betaDensity(alpha: number): (x: number) => number {
  const logBeta = 2 * gammaln(alpha) - gammaln(2 * alpha)
  return (x) => Math.exp((alpha - 1) * (Math.log(x) + Math.log(1 - x)) - logBeta)
}
