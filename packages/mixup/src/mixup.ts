/**
 * One sentence that begins with a verb.
 *
 * Why, and the formula: He et al., 2018, section.
 *
 * @example
 * mixup(1) // => 1
 */
export function mixup(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`mixup: value must be a finite number, got ${value}`)
  return value
}
