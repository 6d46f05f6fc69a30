import * as tf from '@tensorflow/tfjs-node'
import { describe, expect, test } from 'vitest'
import { enable, expectStockNumbers, gradientsOf, noise, ways } from './testing/stock'

const reductions = [
  ['tf.sum', tf.sum],
  ['tf.mean', tf.mean],
] as const

describe.each(ways)('%s', (_, way) => {
  describe.each(reductions)('%s', (_, reduce) => {
    test.each([
      ['all', [2, 3, 4], undefined],
      ['the first axis', [2, 3, 4], 0],
      ['the last axis', [2, 3, 4], -1],
      ['two axes', [2, 3, 4], [0, 2]],
      ['two axes in any order', [2, 3, 4], [-1, 1]],
      ['every axis by name', [2, 3], [0, 1]],
      ['an axis of size 1', [2, 1, 4], 1],
      ['a scalar', [], undefined],
      ['one number', [1], 0],
      ['pixels', [2, 3, 3, 5], [1, 2]],
    ])('has the stock gradient, and the stock shape with keepDims: %s', (_, shape, axis) => {
      const x = [noise(shape, 1)]
      expectStockNumbers(way, () => gradientsOf((v) => reduce(v, axis), x))
      expectStockNumbers(way, () => gradientsOf((v) => reduce(v, axis, true), x))
    })

    test.each([
      ['nothing', [0], undefined],
      ['no rows', [0, 3], 0],
      ['the columns of no rows', [0, 3], 1],
      ['all of no rows', [0, 3], undefined],
      ['no columns', [2, 0, 3], 1],
    ])('has the stock gradient of %s, without a number', (_, shape, axis) => {
      const x = noise(shape, 1)
      // Not the result: the mean of nothing is NaN.
      expectStockNumbers(way, () => ({ dx: tf.grad((v) => reduce(v, axis))(x) }))
      expectStockNumbers(way, () => ({ dx: tf.grad((v) => reduce(v, axis, true))(x) }))
    })

    test('has the stock second derivative', () => {
      const slope = (x: tf.Tensor) => tf.grad((v: tf.Tensor) => tf.square(reduce(tf.square(v), 1)))(x)
      expectStockNumbers(way, () => gradientsOf(slope, [noise([3, 4], 1)]))
      expectStockNumbers(way, () => gradientsOf(slope, [noise([0, 4], 1)]))
    })
  })

  test.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    ['tf.max', (x) => tf.max(x, 1)],
    ['tf.min', (x) => tf.min(x, 1)],
    ['tf.prod', (x) => tf.prod(x, 1)],
    ['tf.logSumExp', (x) => tf.logSumExp(x, 1)],
    ['tf.norm', (x) => tf.norm(x, 'euclidean', 1)],
  ])('%s of no rows has the stock gradient, summed up', (_, reduce) => {
    expectStockNumbers(way, () => gradientsOf((x) => tf.sum(reduce(x)), [noise([0, 3], 1)]))
  })

  test('rows of which a batch has none leave the gradient to the others', () => {
    const none = tf.tensor1d([], 'int32')
    const loss = (w: tf.Tensor) =>
      tf.add(tf.sum(tf.square(w)), tf.sum(tf.sum(tf.square(tf.gather(w, none)), 1))) as tf.Scalar
    enable(way)
    // 2 w
    const slope = tf.grad(loss)(
      tf.tensor2d([
        [1, 2],
        [3, 4],
      ]),
    )
    expect(slope).toBeClose([
      [2, 4],
      [6, 8],
    ])
  })

  test('tf.sum of an empty tensor has an empty gradient', () => {
    enable(way)
    expect(tf.grad((v) => tf.sum(v))(tf.zeros([0, 3])).shape).toEqual([0, 3])
  })
})
