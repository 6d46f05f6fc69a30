import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { type LossScaler, lossScaler, unscale } from './index'

beforeAll(() => tf.setBackend('cpu'))

/** Rounds to float16: 11 significant bits, nothing finer than 2 ** -24, infinity beyond 65,504. */
function toFloat16(value: number): number {
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), -14)
  const spacing = 2 ** (exponent - 10)
  const rounded = Math.round(value / spacing) * spacing
  return Math.abs(rounded) > 65_504 ? value * Number.POSITIVE_INFINITY : rounded
}

/** Passes x on; the gradient that comes back through it is rounded, as by a layer that runs in float16. */
const float16 = tf.customGrad((x) => ({
  value: tf.clone(x as tf.Tensor),
  gradFunc: (dy: tf.Tensor) => tf.tensor(Array.from(dy.dataSync(), toFloat16), dy.shape),
}))

/** Fits w · x to `slope · x` by gradient descent with a float16 backward pass; gives w and the steps that were skipped. */
function fit(slope: number, steps: number, scaler?: LossScaler) {
  const x = tf.tensor1d([1, -2, 3, 0.5])
  const w = tf.variable(tf.scalar(0))
  const optimizer = tf.train.sgd(0.2)
  const skipped: number[] = []
  for (let step = 0; step < steps; step++) {
    tf.tidy(() => {
      const scale = scaler?.scale ?? 1
      const loss = () => {
        const errors = tf.squaredDifference(float16(tf.mul(w, x)), tf.mul(x, slope))
        return tf.mul(tf.mean(errors), scale) as tf.Scalar
      }
      const { gradients, finite } = unscale(tf, tf.variableGrads(loss, [w]).grads, scale)
      if (scaler?.update(finite)) skipped.push(step)
      else optimizer.applyGradients(gradients)
    })
  }
  return { w: w.dataSync()[0]!, skipped }
}

test('float16 as these tests have it: the smallest and the largest numbers, and the steps near 1 and 2,048', () => {
  const pairs = [
    [1.4e-8, 0],
    [5e-8, 2 ** -24],
    [65_504, 65_504],
    [-65_530, Number.NEGATIVE_INFINITY],
    [1.0004, 1],
    [1.0006, 1 + 2 ** -10],
    [2049.1, 2050],
    [0, 0],
  ]
  for (const [value, rounded] of pairs) expect(toFloat16(value!)).toBe(rounded)
})

test('gradients too small for float16 are lost without a scale, and train the network with one', () => {
  // The errors are at most 3e-8, so their gradients, half of that (2 · error / 4), round to 0.
  expect(fit(1e-8, 30).w).toBe(0)
  const { w, skipped } = fit(1e-8, 30, lossScaler())
  expect(skipped).toEqual([])
  expect(w / 1e-8).toBeClose(1, 1e-2)
})

test('a scale under which gradients overflow float16 is lowered, and the skipped steps leave the weight as it was', () => {
  // The largest gradient, 2 · 3,000 / 4 = 1,500 times the scale, fits below 65,504 from 2 ** 5 on: 11 steps from 2 ** 16.
  const scaler = lossScaler()
  const whileSkipped = fit(1000, 11, scaler)
  expect(whileSkipped).toEqual({ w: 0, skipped: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] })
  expect(scaler.scale).toBe(32)
  expect(fit(1000, 41, lossScaler())).toMatchObject({ skipped: whileSkipped.skipped })
  expect(fit(1000, 41, lossScaler()).w).toBeClose(1000, 1)
})
