import type { Precision } from './execute'

/** Half of the distance between neighbouring numbers, at most, by which rounding to a precision moves one. */
export const rounding: Record<Precision, number> = { float32: 2 ** -24, bfloat16: 2 ** -9, float16: 2 ** -12 }

/** ‖actual − expected‖ / ‖expected‖ */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY
  const norm = (value: (i: number) => number) =>
    Math.sqrt(Array.from(expected, (_, i) => value(i) ** 2).reduce((sum, square) => sum + square, 0))
  return norm((i) => actual[i]! - expected[i]!) / norm((i) => expected[i]!)
}

/** Numbers that look random and are the same every time: sin at integers. */
export function noise(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.sin((i + 1) * (seed + 1.7)) * 1.5)
}
