import { createRequire } from 'node:module'
import type { Device } from '../../machine'
import type { TensorFlow } from './engine'

/** Loads tfjs-node or tfjs-node-gpu; a GPU that TensorFlow does not see is an error, not a slow run. */
export function openTensorflow(device: Device): TensorFlow {
  const require = createRequire(import.meta.url)
  const tf = require(device === 'gpu' ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node') as TensorFlow
  const { isUsingGpuDevice } = tf.backend() as unknown as { isUsingGpuDevice: boolean }
  if (device === 'gpu' && !isUsingGpuDevice) {
    throw new Error('TensorFlow does not see the GPU though a driver is there: TF_CPP_MIN_LOG_LEVEL=0 says why')
  }
  return tf
}

/** Names Node, TensorFlow.js and the TensorFlow below it. */
export function versionsOf(tf: TensorFlow): Record<string, string> {
  const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } }
  return { node: process.version, tfjs: tf.version.tfjs, tensorflow: binding.TF_Version }
}
