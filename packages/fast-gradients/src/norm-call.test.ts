import * as tf from '@tensorflow/tfjs-node'
import { describe, expect, test } from 'vitest'
import { enable, expectStockNumbers, noise, ways } from './testing/stock'
import { newNorm, trainNorm, type Use } from './testing/train-norm'

const normalize = (norm: tf.layers.Layer, x: tf.Tensor) => norm.apply(x, { training: true }) as tf.Tensor

/** A shortcut that depends on x itself, so that two paths meet at x. */
const shortcut = (x: tf.Tensor) => tf.mul(x, 0.3)
const frame: [number, number][] = [
  [0, 0],
  [1, 1],
  [1, 1],
  [0, 0],
]

function read(tensor: tf.Tensor): tf.Tensor {
  tensor.dataSync()
  return tensor
}

const uses: [string, Use][] = [
  ['norm + shortcut', (y, x) => tf.add(y, shortcut(x))],
  ['shortcut + norm', (y, x) => tf.add(shortcut(x), y)],
  ['ReLU(norm + shortcut)', (y, x) => tf.relu(tf.add(y, shortcut(x)))],
  ['ReLU(shortcut + norm)', (y, x) => tf.relu(tf.add(shortcut(x), y))],
  ['ReLU(norm + x)', (y, x) => tf.relu(tf.add(y, x))],
  ['ReLU(norm + norm)', (y) => tf.relu(tf.add(y, y))],
  ['ReLU(norm + its copy)', (y) => tf.relu(tf.add(y, tf.clone(y)))],
  ['ReLU twice', (y) => tf.add(tf.relu(y), tf.mul(tf.relu(y), 2))],
  ['ReLU, then norm elsewhere', (y) => tf.add(tf.relu(y), tf.square(y))],
  ['norm elsewhere, then ReLU', (y) => tf.add(tf.square(y), tf.relu(y))],
  ['ReLU of a sum, and norm elsewhere', (y, x) => tf.add(tf.relu(tf.add(y, shortcut(x))), tf.square(y))],
  ['two sums with one norm', (y, x) => tf.mul(tf.relu(tf.add(y, x)), tf.relu(tf.add(shortcut(x), y)))],
  ['a sum of three', (y, x) => tf.relu(tf.add(tf.add(y, x), shortcut(x)))],
  ['ReLU6', (y) => tf.relu6(y)],
  ['a broadcast sum', (y) => tf.relu(tf.add(y, tf.tensor1d([0.5, -0.5, 0])))],
  ['a sum with a scalar', (y) => tf.relu(tf.add(y, 0.5))],
  ['reshaped before ReLU', (y) => tf.relu(tf.reshape(y, [-1, 3]))],
  ['reshaped before a sum', (y) => tf.relu(tf.add(tf.reshape(y, [12, 5]), tf.ones([12, 5])))],
  ['sliced', (y) => tf.relu(tf.slice(y, [1, 0, 0, 0], [2, -1, 1, -1]))],
  ['padded and pooled', (y) => tf.maxPool(tf.pad(tf.relu(y), frame) as tf.Tensor4D, 3, 2, 'valid')],
  ['pooled', (y) => tf.avgPool(y as tf.Tensor4D, 2, 2, 'same')],
  ['not used', (_, x) => tf.relu(x)],
  ['ReLU(norm + another norm)', (y, x) => tf.relu(tf.add(y, normalize(newNorm(), tf.square(x))))],
  ['ReLU(another norm + norm)', (y, x) => tf.relu(tf.add(normalize(newNorm(), x), y))],
  ['norm of ReLU(norm)', (y) => tf.relu(normalize(newNorm(), tf.relu(y)))],
  ['norm of a squared norm', (y) => normalize(newNorm(), tf.square(y))],
  ['norm read before ReLU', (y) => tf.relu(read(y))],
  ['norm read before the sum', (y, x) => tf.relu(tf.add(read(y), x))],
  ['sum read before ReLU', (y, x) => tf.relu(read(tf.add(y, x)))],
  ['all read afterwards', (y, x) => tf.tidy(() => [tf.relu(tf.add(y, x)), tf.add(y, 0)].map(read)[0]!)],
]

describe.each(ways)('%s', (_, way) => {
  test.each(uses)('a norm in a network trains as in stock: %s', (_, use) => {
    expectStockNumbers(way, () => trainNorm([4, 5, 1, 3], { use }), 1e-5)
  })

  test('a norm moves its running statistics once a batch, whoever reads its output how often', () => {
    enable(way)
    const norm = newNorm({ momentum: 0.5, epsilon: 0 })
    const x = tf.tensor2d([[1], [5]])
    const y = normalize(norm, x)
    tf.relu(y)
    tf.relu(tf.add(y, x))
    tf.relu(read(y))
    // Mean 3, variance ((−2)² + 2²)/2 = 4: 0.5 · 0 + 0.5 · 3 and 0.5 · 1 + 0.5 · 4.
    expect(norm.getWeights()[2]!).toBeClose([1.5])
    expect(norm.getWeights()[3]!).toBeClose([2.5])
    // A second batch, whose output nobody reads: 0.5 · 1.5 + 0.5 · 3 and 0.5 · 2.5 + 0.5 · 4.
    normalize(norm, x).dispose()
    expect(norm.getWeights()[2]!).toBeClose([2.25])
    expect(norm.getWeights()[3]!).toBeClose([3.25])
  })

  test('the output of a norm outlives its input, its layer and the statistics of its batch', () => {
    enable(way)
    const norm = newNorm({ epsilon: 0 })
    const x = tf.tensor2d([[1], [5]])
    const y = normalize(norm, x)
    normalize(norm, x).dispose()
    norm.dispose()
    x.dispose()
    // (1 − 3)/2 and (5 − 3)/2, doubled
    expect(tf.add(y, y)).toBeClose([[-2], [2]], 1e-5)
    expect(tf.relu(y)).toBeClose([[0], [1]], 1e-5)
  })

  test('running statistics hold no activation until the next step', () => {
    enable(way)
    const norm = newNorm()
    const x = noise([8, 4, 4, 2], 1)
    const held = () => (tf.backend() as unknown as { getNumOfTFTensors(): number }).getNumOfTFTensors()
    const step = () => tf.tidy(() => void tf.grad((v) => tf.relu(normalize(norm, tf.mul(v, 2))))(x))
    step()
    norm.getWeights().forEach(read)
    const before = held()
    step()
    // The two moved statistics are there again, and the two that came with them.
    expect(held() - before).toBeLessThanOrEqual(2)
  })
})
