import * as tf from '@tensorflow/tfjs-node'
import { describe, expect, test } from 'vitest'
import { withPrecision } from './index'
import { enable, expectStockNumbers, gradientsOf, noise, ways } from './testing/stock'

const frame: [number, number][] = [
  [0, 0],
  [1, 2],
  [0, 1],
  [0, 0],
]
const reshapings: [string, (x: tf.Tensor) => tf.Tensor][] = [
  ['tf.reshape', (x) => tf.reshape(x, [4, -1])],
  ['tf.slice', (x) => tf.slice(x, [0, 1, 0, 1], [1, 2, -1, 1])],
  ['tf.slice of nothing', (x) => tf.slice(x, [0, 1, 0, 1], [1, 0, 2, 1])],
  ['tf.pad', (x) => tf.pad(x, frame)],
  ['tf.pad by ones', (x) => tf.pad(x, frame, 1)],
  ['tf.pad of the batch', (x) => tf.pad(x, [[1, 0], [0, 0], [0, 0], [0, 1]])], // biome-ignore format: one row
  ['tf.cast', (x) => tf.cast(x, 'float32')],
  ['tf.clone', (x) => tf.clone(x)],
  ['tf.transpose', (x) => tf.transpose(x, [3, 1, 0, 2])],
  ['tf.concat', (x) => tf.concat([x, x], 1)],
  ['tf.pad and back', (x) => tf.slice(tf.pad(x, frame), [0, 1, 0, 0], [2, 3, 3, 2])],
]
const norm = tf.layers.batchNormalization({})
/** Tensors whose numbers, or gradients, are not computed yet when they are reshaped. */
const waiting: [string, (x: tf.Tensor) => tf.Tensor][] = [
  ['a tensor', (x) => x],
  ['a norm', (x) => norm.apply(x, { training: true }) as tf.Tensor],
  ['a padded picture', (x) => tf.slice(tf.pad(x, frame), [0, 0, 0, 0], [2, 3, 3, 2])],
]

describe.each(ways)('%s', (_, way) => {
  describe.each(waiting)('of %s', (_, before) => {
    test.each(reshapings)('%s and its gradient are the stock ones', (_, reshape) => {
      expectStockNumbers(way, () => gradientsOf((x) => reshape(before(x)), [noise([2, 3, 3, 2], 1)]), 1e-5)
    })
  })

  test.each(['bfloat16', 'float16'] as const)('reshaping %s numbers changes none of them', (precision) => {
    enable(way)
    // Halves of small integers have no more digits than either half precision holds.
    const x = tf.div(tf.round(noise([2, 3, 3, 2], 1, 2, 4)), 2)
    const half = withPrecision(tf, precision, () => tf.relu(x))
    for (const [, reshape] of reshapings) expect(reshape(half)).toBeClose(reshape(tf.relu(x)), 0)
  })

  test('tf.cast to another type, and from one, is the stock one', () => {
    enable(way)
    const y = tf.layers.batchNormalization({}).apply(tf.tensor2d([[1], [1], [5]]), { training: true }) as tf.Tensor
    // Mean 7/3, deviation √(32/9): (1 − 7/3)/1.886 = −0.71, (5 − 7/3)/1.886 = 1.41.
    expect(tf.cast(y, 'int32')).toBeClose([[0], [0], [1]], 0)
    expect([...tf.cast(tf.tensor1d([2, 0], 'int32'), 'bool').dataSync()]).toEqual([1, 0])
    expect(tf.cast(tf.tensor1d([2, 0], 'int32'), 'float32')).toBeClose([2, 0])
  })
})
