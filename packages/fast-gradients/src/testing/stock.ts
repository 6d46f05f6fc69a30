import * as tf from '@tensorflow/tfjs-node'
import { expect } from 'vitest'
import { disableFastGradients, enableFastGradients } from '../index'

/** The two ways to train: by TensorFlow's own ops alone, and by those of @bag-of-tricks/fused-ops as well. */
export const ways = [
  ['native', { fusedOps: false }],
  ['fused', { fusedOps: true }],
] as const
export type Way = (typeof ways)[number][1]

export type Results = Record<string, tf.Tensor>

/** Tensors of normal numbers, the same for the same seed. */
export function noise(shape: readonly number[], seed: number, mean = 0, deviation = 1): tf.Tensor {
  return tf.randomNormal([...shape] as number[], mean, deviation, 'float32', seed)
}

export function enable(way: Way): void {
  // Where the ops are not compiled, a test of them would pass without having run them.
  expect(enableFastGradients(tf, way)).toMatchObject(way)
}

/** Gives y = f(xs), and the gradients of Σ y · dy for a dy of its own. */
export function gradientsOf(f: (...xs: tf.Tensor[]) => tf.Tensor, xs: tf.Tensor[]): Results {
  const y = f(...xs)
  const gradients = tf.grads(f)(xs, noise(y.shape, 99))
  return { y, ...Object.fromEntries(gradients.map((gradient, i) => [`d${i}`, gradient])) }
}

/**
 * Runs a computation in stock tfjs, then in this package, and expects every result to agree in shape and within a relative L2
 * distance. The outside numbers of a test are stock tfjs's.
 *
 * @param stock What stock tfjs computes instead where it cannot compute the same.
 */
export function expectStockNumbers(way: Way, compute: () => Results, tolerance = 1e-6, stock = compute): void {
  disableFastGradients(tf)
  const expected = read(stock())
  try {
    enable(way)
    const found = read(compute())
    expect(Object.keys(found)).toEqual(Object.keys(expected))
    for (const [name, { shape, values }] of Object.entries(expected)) {
      expect([name, ...found[name]!.shape]).toEqual([name, ...shape])
      expect(relativeError(found[name]!.values, values), `relative error of ${name}`).toBeLessThanOrEqual(tolerance)
    }
  } finally {
    disableFastGradients(tf)
  }
}

function read(results: Results): Record<string, { shape: number[]; values: Float32Array }> {
  const entries = Object.entries(results)
  return Object.fromEntries(
    entries.map(([name, tensor]) => [name, { shape: tensor.shape, values: tensor.dataSync() as Float32Array }]),
  )
}

/** ‖actual − expected‖ / ‖expected‖; 0 where both are zero, NaN where one holds a NaN. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY
  let [difference, norm] = [0, 0]
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2
    norm += expected[i]! ** 2
  }
  return difference === 0 ? 0 : Math.sqrt(difference / norm)
}
