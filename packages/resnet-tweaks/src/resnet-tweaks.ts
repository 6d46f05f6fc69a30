/**
 * One sentence that begins with a verb.
 *
 * Why, and the formula: He et al., 2018, section.
 *
 * @example
 * resnetTweaks(1) // => 1
 */
export function resnetTweaks(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`resnetTweaks: value must be a finite number, got ${value}`)
  return value
}
