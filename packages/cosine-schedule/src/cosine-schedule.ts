/**
 * One sentence that begins with a verb.
 *
 * Why, and the formula: He et al., 2018, section.
 *
 * @example
 * cosineSchedule(1) // => 1
 */
export function cosineSchedule(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`cosineSchedule: value must be a finite number, got ${value}`)
  return value
}
