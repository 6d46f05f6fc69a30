/**
 * One sentence that begins with a verb.
 *
 * Why, and the formula: He et al., 2018, section.
 *
 * @example
 * checkpoint(1) // => 1
 */
export function checkpoint(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`checkpoint: value must be a finite number, got ${value}`)
  return value
}
