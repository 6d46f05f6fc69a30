export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('values must hold at least one number, got none')
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}

export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('values must hold at least one number, got none')
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
