import * as tf from '@tensorflow/tfjs-node'
import { describe, expect, test } from 'vitest'
import { enable, expectStockNumbers, noise, ways } from './testing/stock'
import { newNorm, trainNorm } from './testing/train-norm'

describe.each(ways)('%s', (_, way) => {
  test.each([
    ['rows', [8, 5]],
    ['sequences', [3, 6, 4]],
    ['pictures', [4, 5, 7, 3]],
    ['pictures of many channels', [2, 3, 3, 130]],
    ['one pixel of one channel', [16, 1, 1, 1]],
  ])('tf.layers.batchNormalization trains as in stock: %s', (_, shape) => {
    expectStockNumbers(way, () => trainNorm(shape), 1e-5)
    expectStockNumbers(way, () => trainNorm(shape, { use: tf.relu }), 1e-5)
  })

  test('tf.layers.batchNormalization trains volumes, which stock refuses, as pictures of as many pixels', () => {
    enable(way)
    const gradient = (shape: number[]) => trainNorm(shape).d0!.dataSync()
    expect(gradient([2, 3, 2, 3, 2])).toBeClose(gradient([2, 3, 6, 2]), 1e-6)
  })

  test.each([{ momentum: 0.99 }, { momentum: 0 }, { epsilon: 1e-5 }, { epsilon: 0.1 }])(
    'tf.layers.batchNormalization(%j) trains as in stock',
    (config) => expectStockNumbers(way, () => trainNorm([4, 5, 7, 3], { use: tf.relu, config }), 1e-5),
  )

  test.each([{ scale: false }, { center: false }, { scale: false, center: false }])(
    'tf.layers.batchNormalization(%j), which crashes in stock, trains as with γ = 1 and β = 0',
    (config) => {
      enable(way)
      const gradientOf = (norm: tf.layers.Layer) =>
        tf.grad((v) => tf.sum(tf.square(tf.relu(norm.apply(v, { training: true }) as tf.Tensor))))(noise([6, 4], 1))
      expect(gradientOf(newNorm(config))).toBeClose(gradientOf(newNorm()), 1e-6)
    },
  )

  test('tf.layers.batchNormalization agrees with stock 50 deviations away from 0, where float32 loses two digits', () => {
    expectStockNumbers(way, () => trainNorm([8, 6, 6, 3], { mean: 150 }), 1e-3)
  })

  test('tf.layers.batchNormalization leaves another axis, and inference, to stock', () => {
    const x = noise([4, 3, 5, 6], 1, 2, 3)
    const computed = () => ({
      // Forward only: the stock gradient of this case throws.
      axis1: newNorm({ axis: 1 }).apply(x, { training: true }) as tf.Tensor,
      inference: tf.relu(newNorm().apply(x) as tf.Tensor),
    })
    expectStockNumbers(way, computed, 1e-5)
  })

  test('a second derivative of batch normalization in training is refused by name', () => {
    enable(way)
    const norm = newNorm()
    const slope = tf.grad((v: tf.Tensor) => tf.sum(tf.square(norm.apply(v, { training: true }) as tf.Tensor)))
    expect(() => tf.grad((v) => tf.sum(slope(v)))(noise([4, 2], 1))).toThrow('FusedBatchNormTrainingGrad')
  })
})
