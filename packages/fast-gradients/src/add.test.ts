import * as tf from '@tensorflow/tfjs-node'
import { describe, expect, test } from 'vitest'
import { enable, expectStockNumbers, gradientsOf, noise, ways } from './testing/stock'

const filter = (seed: number) => noise([3, 3, 2, 2], seed) as tf.Tensor4D
/** A convolution: its gradient waits to be added to others. */
const path = (x: tf.Tensor, seed: number) => tf.conv2d(x as tf.Tensor4D, filter(seed), 1, 'same')

describe.each(ways)('%s', (_, way) => {
  test.each([
    ['alike', [2, 3, 4], [2, 3, 4]],
    ['scalars', [], []],
    ['a scalar', [2, 3], []],
    ['a row', [2, 3, 4], [4]],
    ['the other way round', [4], [2, 3, 4]],
    ['a column and a row', [3, 1], [1, 4]],
    ['ones among the sizes', [2, 1, 4], [2, 3, 1]],
    ['nothing', [0, 3], [3]],
  ])('tf.add has the stock gradients: %s', (_, a, b) => {
    expectStockNumbers(way, () => gradientsOf(tf.add, [noise(a, 1), noise(b, 2)]))
  })

  test('tf.add of a tensor to itself, of a tensor and its clone, has the stock gradients', () => {
    const x = [noise([2, 3], 1)]
    expectStockNumbers(way, () => gradientsOf((v) => tf.add(v, v), x))
    expectStockNumbers(way, () => gradientsOf((v) => tf.add(v, tf.clone(v)), x))
    expectStockNumbers(way, () => gradientsOf((v) => tf.add(tf.relu(v), tf.add(tf.relu(v), v)), x))
  })

  test.each([2, 3, 4, 5])('gradients of %i paths meet at x, ReLU, norm or pool as in stock', (paths) => {
    const x = [noise([2, 8, 8, 2], 1)]
    const all = (v: tf.Tensor) => tf.addN(Array.from({ length: paths }, (_, i) => path(v, i + 2)))
    const norm = tf.layers.batchNormalization({})
    const pool = (v: tf.Tensor) => tf.maxPool(v as tf.Tensor4D, 2, 2, 'valid')
    expectStockNumbers(way, () => gradientsOf(all, x), 1e-5)
    expectStockNumbers(way, () => gradientsOf((v) => all(tf.relu(v)), x), 1e-5)
    expectStockNumbers(way, () => gradientsOf((v) => all(pool(v)), x), 1e-5)
    expectStockNumbers(way, () => gradientsOf((v) => all(pool(tf.relu(pool(v)))), x), 1e-5)
    const train = (v: tf.Tensor) => norm.apply(v, { training: true }) as tf.Tensor
    expectStockNumbers(way, () => gradientsOf((v) => all(train(v)), x), 1e-5)
    expectStockNumbers(way, () => gradientsOf((v) => all(tf.relu(train(v))), x), 1e-5)
    expectStockNumbers(way, () => gradientsOf((v) => all(pool(tf.relu(tf.add(v, train(v))))), x), 1e-5)
  })

  test('gradients of paths that keep the gradient, and of such that do not, meet as in stock', () => {
    const x = [noise([2, 6, 6, 2], 1)]
    const mixed = (v: tf.Tensor) => tf.add(tf.add(path(v, 2), v), tf.mul(tf.add(path(v, 3), path(v, 4)), 0.5))
    expectStockNumbers(way, () => gradientsOf(mixed, x), 1e-5)
    expectStockNumbers(way, () => gradientsOf((v) => mixed(tf.relu(mixed(v))), x), 1e-5)
  })

  test('tf.add of integers, and of an integer to a float, keeps the stock type', () => {
    enable(way)
    const integers = tf.tensor1d([1, 2], 'int32')
    expect(tf.add(integers, integers).dtype).toBe('int32')
    expect(tf.add(integers, tf.tensor1d([0.5, 0.5]))).toBeClose([1.5, 2.5])
  })
})
