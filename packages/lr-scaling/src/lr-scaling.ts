/**
 * One sentence that begins with a verb.
 *
 * Why, and the formula: He et al., 2018, section.
 *
 * @example
 * lrScaling(1) // => 1
 */
export function lrScaling(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`lrScaling: value must be a finite number, got ${value}`)
  return value
}
