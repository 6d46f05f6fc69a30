import { disableFastGradients, enableFastGradients } from '@bag-of-tricks/fast-gradients'
import { lossScaler, unscale } from '@bag-of-tricks/mixed-precision'
import * as tf from '@tensorflow/tfjs-node'
import { afterEach, describe, expect, test } from 'vitest'
import { autocast } from './index'

afterEach(() => disableFastGradients(tf))

/** relu(x) · w, so that w meets what was computed in half precision. */
const product = (x: number, w: tf.Tensor2D) => tf.matMul(tf.relu(tf.tensor2d([[x]])), w)

function slope(w: tf.Variable, loss: () => tf.Tensor): tf.Tensor {
  const { value, grads } = tf.variableGrads(() => tf.sum(loss()) as tf.Scalar, [w])
  expect([value.dtype, grads[w.name]!.dtype]).toEqual(['float32', 'float32'])
  return grads[w.name]!
}

test('weights trained under autocast take steps that bfloat16 would lose', () => {
  const w = tf.variable(tf.tensor2d([[1]])) as tf.Variable & tf.Tensor2D
  const optimizer = tf.train.sgd(2 ** -12)
  for (let i = 0; i < 3; i++) {
    optimizer.minimize(() => tf.sum(autocast(tf, 'bfloat16', () => product(1, w))) as tf.Scalar, false, [w])
  }
  // bfloat16 has nothing between 1 − 2⁻⁸ and 1.
  expect(w).toBeClose([[1 - 3 * 2 ** -12]], 0)
})

test.each([false, true])('batch norm under autocast moves float32 statistics: fused ops %j', (fusedOps) => {
  expect(enableFastGradients(tf, { fusedOps })).toMatchObject({ fusedOps })
  const norm = tf.layers.batchNormalization({ momentum: 0.5, epsilon: 0 })
  autocast(
    tf,
    'bfloat16',
    () => norm.apply(tf.relu(tf.tensor2d([[1], [1 + 2 ** -7]])), { training: true }) as tf.Tensor,
  )
  // Mean 1 + 2⁻⁸, deviation 2⁻⁸: 0.5 · 0 + 0.5 · (1 + 2⁻⁸) and 0.5 · 1 + 0.5 · 2⁻¹⁶, none of them a number of bfloat16.
  const [mean, variance] = norm.getWeights().slice(2)
  expect(mean!).toBeClose([0.5 + 2 ** -9], 0)
  expect(variance!).toBeClose([0.5 + 2 ** -17], 1e-8)
})

test('the loss of what autocast gives is float32', () => {
  const w = tf.tensor2d([[1]])
  const loss = () => tf.mean(tf.concat([1, 2 ** -9].map((x) => autocast(tf, 'bfloat16', () => product(x, w)))))
  // (1 + 2⁻⁹)/2
  expect(loss()).toBeClose(0.5 + 2 ** -10, 0)
})

test('gradients of two passes add up in float32', () => {
  const w = tf.variable(tf.tensor2d([[3]])) as tf.Variable & tf.Tensor2D
  const [large, small] = [1, 2 ** -9].map((x) => slope(w, () => autocast(tf, 'bfloat16', () => product(x, w))))
  expect(tf.add(large!, small!)).toBeClose([[1 + 2 ** -9]], 0)
})

describe('in float16 with a loss scale', () => {
  /** The gradient in w of `factor` · relu(4) · w, that is 4 · factor, of the loss times `scale`. */
  const gradients = (w: tf.Variable & tf.Tensor2D, factor: number, scale: number) => {
    const y = () => autocast(tf, 'float16', () => product(4, w))
    return { [w.name]: slope(w, () => tf.mul(y(), factor * scale)) }
  }

  test('overflow skips steps and is told, until the scale fits', () => {
    const w = tf.variable(tf.tensor2d([[1]])) as tf.Variable & tf.Tensor2D
    const optimizer = tf.train.sgd(2 ** -13)
    const scaler = lossScaler()
    const steps = Array.from({ length: 5 }, () => {
      const { scale } = scaler
      const { gradients: unscaled, finite } = unscale(tf, gradients(w, 1, scale), scale)
      if (finite) optimizer.applyGradients(unscaled)
      return [scale, scaler.update(finite), w.dataSync()[0]]
    })
    // 4 · 2¹⁴ = 65536 is beyond float16, 4 · 2¹³ is not. Each step then takes 4 · 2⁻¹³ off, less than float16 can below 1.
    expect(steps).toEqual([
      [2 ** 16, true, 1],
      [2 ** 15, true, 1],
      [2 ** 14, true, 1],
      [2 ** 13, false, 1 - 2 ** -11],
      [2 ** 13, false, 1 - 2 * 2 ** -11],
    ])
  })

  test('a gradient that float16 loses without it survives, and comes back in float32', () => {
    const w = tf.variable(tf.tensor2d([[1]])) as tf.Variable & tf.Tensor2D
    // 4 · 2⁻²⁸ = 2⁻²⁶: float16 ends at 2⁻²⁴.
    expect(gradients(w, 2 ** -28, 1)[w.name]!).toBeClose([[0]], 0)
    const scaled = gradients(w, 2 ** -28, 2 ** 13)
    expect(unscale(tf, scaled, 2 ** 13).gradients[w.name]!).toBeClose([[2 ** -26]], 0)
  })

  test('bfloat16 needs none', () => {
    const w = tf.variable(tf.tensor2d([[1]])) as tf.Variable & tf.Tensor2D
    for (const factor of [2 ** -28, 2 ** 20]) {
      expect(
        slope(w, () =>
          tf.mul(
            autocast(tf, 'bfloat16', () => product(4, w)),
            factor,
          ),
        ),
      ).toBeClose([[4 * factor]], 0)
    }
  })
})
