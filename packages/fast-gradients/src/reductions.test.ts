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

    test('has the stock second derivative', () => {
      const slope = (x: tf.Tensor) => tf.grad((v: tf.Tensor) => tf.square(reduce(tf.square(v), 1)))(x)
      expectStockNumbers(way, () => gradientsOf(slope, [noise([3, 4], 1)]))
    })
  })

  test('tf.sum of an empty tensor has an empty gradient', () => {
    enable(way)
    expect(tf.grad((v) => tf.sum(v))(tf.zeros([0, 3])).shape).toEqual([0, 3])
  })
})
