import type { Pass } from './fixture'

/** ‖actual − expected‖ / ‖expected‖ of each tensor of a pass. */
export function relativeErrors(actual: Pass, expected: Pass): Record<string, number> {
  const entries = Object.entries(expected)
  return Object.fromEntries(entries.map(([name, values]) => [name, relativeError(actual[name]!, values)]))
}

function relativeError(actual: readonly number[], expected: readonly number[]): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY
  return norm(actual.map((value, i) => value - expected[i]!)) / norm(expected)
}

function norm(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
}
