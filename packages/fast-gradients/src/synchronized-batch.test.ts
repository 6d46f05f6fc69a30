import * as tf from '@tensorflow/tfjs-node'
import { afterEach, describe, expect, test } from 'vitest'
import { disableFastGradients, fusedBatchNormalization, type Ranks } from './index'
import { expectTorchNumbers } from './testing/expect-torch-numbers'
import { onRanks } from './testing/on-ranks'
import { enable, noise, ways } from './testing/stock'
import { trainPart } from './testing/train-part'

afterEach(() => disableFastGradients(tf))

describe.each(ways)('%s', (_, way) => {
  test.each([[[3, 3]], [[1, 5]], [[2, 1, 3]], [[6]]])(
    'fusedBatchNormalization(tf, { ranks }) trains %j pictures on each rank as torch does all on one',
    (counts) => {
      enable(way)
      expectTorchNumbers(onRanks(counts.length, (ranks) => trainPart(ranks, counts)))
    },
  )
})

/** A rank that must not have to wait for others. */
const uncalled = (size: number): Ranks => ({
  ...{ rank: 0, size },
  allReduceSync() {
    throw new Error('allReduceSync was called')
  },
})

test('fusedBatchNormalization(tf, { ranks }) asks no other rank outside training, nor where it is the only one', () => {
  const [two, one] = [2, 1].map((size) => fusedBatchNormalization(tf, { ranks: uncalled(size) })({ epsilon: 0 }))
  expect(two!.apply(tf.tensor2d([[3]])) as tf.Tensor).toBeClose([[3]], 1e-6)
  // Mean 3, deviation 2.
  expect(one!.apply(tf.tensor2d([[1], [5]]), { training: true }) as tf.Tensor).toBeClose([[-1], [1]], 1e-5)
  expect(() => two!.apply(tf.tensor2d([[1], [5]]), { training: true })).toThrow('allReduceSync was called')
})

test('fusedBatchNormalization(tf, { ranks }) refuses to train what it could only normalize by its own batch', () => {
  const norm = fusedBatchNormalization(tf, { ranks: uncalled(2) })({ name: 'second', axis: 1 })
  expect(() => norm.apply(tf.ones([2, 3, 4, 5]), { training: true })).toThrow(
    "second: batch normalization over ranks takes axis -1 and the backend 'tensorflow', got 1 and 'tensorflow'",
  )
})

/** Its other rank has no pictures. */
const lonely: Ranks = { rank: 0, size: 2, allReduceSync: () => {} }

test('fusedBatchNormalization(tf, { ranks }) leaves no tensor behind', () => {
  enable({ fusedOps: true })
  const norm = fusedBatchNormalization(tf, { ranks: lonely })()
  const block = (x: tf.Tensor) => tf.relu(tf.add(x, norm.apply(x, { training: true }) as tf.Tensor))
  const step = () => tf.tidy(() => void tf.grad(block)(noise([4, 2, 2, 3], 1)))
  step()
  const { numTensors } = tf.memory()
  step()
  expect(tf.memory().numTensors).toBe(numTensors)
})
