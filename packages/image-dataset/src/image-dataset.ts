/**
 * One sentence that begins with a verb.
 *
 * Why, and the formula: He et al., 2018, section.
 *
 * @example
 * imageDataset(1) // => 1
 */
export function imageDataset(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`imageDataset: value must be a finite number, got ${value}`)
  return value
}
