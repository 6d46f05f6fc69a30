export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('values must hold at least one number, got none')
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}

export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('values must hold at least one number, got none')
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Of a sample: by n − 1. */
export function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) throw new RangeError(`values must hold at least two numbers, got ${values.length}`)
  const center = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1))
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
