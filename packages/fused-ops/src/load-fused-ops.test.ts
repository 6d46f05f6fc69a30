import * as tf from '@tensorflow/tfjs-node'
import { expect, test } from 'vitest'
import { loadFusedOps } from './index'

test('loadFusedOps(tf) loads the ops into a TensorFlow that has computed already, and once only', () => {
  expect(tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync()).toEqual(new Float32Array([11]))
  expect(loadFusedOps(tf)).toEqual({ loaded: true })
  expect(loadFusedOps(tf)).toEqual({ loaded: true })
})
