/** Gives the numbers from `first` to `last`, without the dust of floating point. */
export function range(first: number, last: number, step: number): number[] {
  const count = Math.round((last - first) / step)
  return Array.from({ length: count + 1 }, (_, i) => Number((first + i * step).toPrecision(12)))
}
