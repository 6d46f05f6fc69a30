import * as tf from '@tensorflow/tfjs-node'
import { describe, expect, test } from 'vitest'
import { enable, expectStockNumbers, gradientsOf, noise, ways } from './testing/stock'

describe.each(ways)('%s', (_, way) => {
  test.each([[[]], [[7]], [[3, 0]], [[2, 3, 4, 5]], [[2, 1, 2, 1, 2]]])(
    'tf.relu, tf.relu6 are the stock ones: %j',
    (shape) => {
      // 0 has a slope of its own, 6 another: stock's comparisons settle both.
      const x = tf.round(noise(shape, 1, 3, 4))
      expectStockNumbers(way, () => gradientsOf(tf.relu, [x]))
      expectStockNumbers(way, () => gradientsOf((v) => tf.relu6(tf.add(v, 0.5)), [x]))
    },
  )

  test('tf.relu, tf.relu6 have the slopes 0 and 1, and 0 at the corners', () => {
    enable(way)
    const x = tf.tensor1d([-1, 0, 2, 6, 7])
    expect(tf.grad((v) => tf.relu(v))(x)).toBeClose([0, 0, 1, 1, 1], 0)
    expect(tf.grad((v) => tf.relu6(v))(x)).toBeClose([0, 0, 1, 0, 0], 0)
  })

  test('tf.relu has second derivatives', () => {
    enable(way)
    // relu(x)³ has the second derivative 6x for x > 0: 12 at 2.
    const slope = tf.grad((v: tf.Tensor) => tf.sum(tf.pow(tf.relu(v), 3)))
    expect(tf.grad((v) => tf.sum(slope(v)))(tf.tensor1d([-1, 2]))).toBeClose([0, 12], 1e-5)
  })

  test('tf.relu of integers stays integer', () => {
    expectStockNumbers(way, () => ({
      y: tf.relu(tf.tensor1d([-1, 0, 3], 'int32')),
      z: tf.relu6(tf.tensor1d([-1, 9], 'int32')),
    }))
    enable(way)
    expect(tf.relu(tf.tensor1d([-1, 3], 'int32')).dtype).toBe('int32')
  })

  test('tf.relu lets a NaN through, that nobody takes a broken network for a sparse one', () => {
    enable(way)
    const norm = tf.layers.batchNormalization({})
    const x = tf.tensor2d([[Number.NaN], [1]])
    expect(tf.relu(x).dataSync()[0]).toBeNaN()
    expect(tf.relu(norm.apply(x, { training: true }) as tf.Tensor).dataSync()[1]).toBeNaN()
  })

  test('tf.relu after tf.relu, and a gradient that is read before it reaches the norm, are the stock ones', () => {
    const x = noise([4, 3, 3, 2], 1)
    expectStockNumbers(way, () => gradientsOf((v) => tf.relu(tf.relu(v)), [x]))
    const peek = tf.customGrad((v) => ({
      value: tf.clone(v as tf.Tensor),
      gradFunc: (dy: tf.Tensor) => {
        dy.dataSync()
        return tf.clone(dy)
      },
    }))
    expectStockNumbers(way, () => gradientsOf((v) => tf.relu(peek(tf.relu(v))), [x]))
  })
})
