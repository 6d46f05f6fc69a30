import * as tf from '@tensorflow/tfjs-node'
import { expect, test } from 'vitest'
import { fusedBatchNormalization } from './index'

test('fusedBatchNormalization(tf) normalizes a training batch and moves the running statistics', () => {
  const layer = fusedBatchNormalization(tf)({ momentum: 0.9, epsilon: 0 })
  // Mean 3, variance ((−2)² + 2²)/2 = 4: (1 − 3)/2 = −1, (5 − 3)/2 = 1.
  const y = layer.apply(tf.tensor([1, 5], [2, 1, 1, 1]), { training: true }) as tf.Tensor
  expect(y).toBeClose([[[[-1]]], [[[1]]]], 1e-5)
  // 0.9 · 0 + 0.1 · 3 and 0.9 · 1 + 0.1 · 4
  const [, , mean, variance] = layer.getWeights()
  expect(mean!).toBeClose([0.3], 1e-6)
  expect(variance!).toBeClose([1.3], 1e-6)
})

test('fusedBatchNormalization(tf) normalizes by the running statistics outside training', () => {
  const layer = fusedBatchNormalization(tf)({ epsilon: 0 })
  layer.build([null, 1, 1, 2])
  layer.setWeights([tf.tensor1d([1, 2]), tf.tensor1d([0, 1]), tf.tensor1d([1, 1]), tf.tensor1d([4, 4])])
  // (3 − 1)/2 · 1 + 0 = 1; (3 − 1)/2 · 2 + 1 = 3
  expect(layer.apply(tf.tensor([3, 3], [1, 1, 1, 2])) as tf.Tensor).toBeClose([[[[1, 3]]]], 1e-5)
})

test.each([{ scale: false }, { center: false }])('fusedBatchNormalization(tf)(%j) trains', (config) => {
  const layer = fusedBatchNormalization(tf)({ ...config, epsilon: 0 })
  const x = tf.tensor([1, 5], [2, 1, 1, 1])
  const dx = tf.grad((v) => layer.apply(v, { training: true }) as tf.Tensor)(x)
  // The outputs of a normalized batch always sum to nβ: moving one input changes nothing in the sum.
  expect(dx).toBeClose([[[[0]]], [[[0]]]], 1e-5)
  expect(layer.trainableWeights).toHaveLength(1)
})

test('fusedBatchNormalization(tf) makes layers that load as stock BatchNormalization', () => {
  const layer = fusedBatchNormalization(tf)({ name: 'norm' })
  expect(layer.getClassName()).toBe('BatchNormalization')
})

test('fusedBatchNormalization(tf) leaves other layers alone', () => {
  const prototype = Object.getPrototypeOf(tf.layers.batchNormalization({ name: 'stock' }))
  const call = prototype.call
  fusedBatchNormalization(tf)
  expect(prototype.call).toBe(call)
})
