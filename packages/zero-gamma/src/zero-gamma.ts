/**
 * One sentence that begins with a verb.
 *
 * Why, and the formula: He et al., 2018, section.
 *
 * @example
 * zeroGamma(1) // => 1
 */
export function zeroGamma(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`zeroGamma: value must be a finite number, got ${value}`)
  return value
}
