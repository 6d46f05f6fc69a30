import * as tf from '@tensorflow/tfjs-node'
import { expect, test } from 'vitest'
import { uploadBytes } from './index'

test('uploadBytes(tf, bytes, shape) gives every byte as the number it is', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
  const tensor = uploadBytes(tf, bytes, [4, 64])
  expect(tensor.dtype).toBe('float32')
  expect(tensor.shape).toEqual([4, 64])
  expect([...tensor.dataSync()]).toEqual([...bytes])
})

test('uploadBytes(tf, bytes, shape) takes a part of a larger buffer, an empty batch, and a scalar', () => {
  expect(uploadBytes(tf, new Uint8Array([9, 1, 2, 9]).subarray(1, 3), [2])).toBeClose([1, 2])
  expect(uploadBytes(tf, new Uint8Array(), [0, 3]).shape).toEqual([0, 3])
  expect(uploadBytes(tf, new Uint8Array([7]), []).dataSync()[0]).toBe(7)
})

test('uploadBytes(tf, bytes, shape) leaves the bytes to the caller', () => {
  const bytes = new Uint8Array([1, 2])
  const tensor = uploadBytes(tf, bytes, [2])
  bytes.fill(9)
  expect(tensor).toBeClose([1, 2])
})

test('uploadBytes(tf, bytes, shape) gives a tensor like any other to tidy', () => {
  const backend = tf.backend() as unknown as { getNumOfTFTensors(): number }
  const before = [tf.memory().numTensors, backend.getNumOfTFTensors()]
  const doubled = tf.tidy(() => tf.mul(uploadBytes(tf, new Uint8Array([1, 200]), [2]), 2))
  expect(doubled).toBeClose([2, 400])
  doubled.dispose()
  expect([tf.memory().numTensors, backend.getNumOfTFTensors()]).toEqual(before)
})

test('uploadBytes(tf, bytes, shape) refuses what does not fill the shape, and other backends', async () => {
  expect(() => uploadBytes(tf, new Uint8Array(5), [2, 3])).toThrow(
    'bytes must be a Uint8Array of 6, for [2,3], got 5 bytes',
  )
  expect(() => uploadBytes(tf, [1, 2] as unknown as Uint8Array, [2])).toThrow('got 1,2')
  await tf.setBackend('cpu')
  try {
    expect(() => uploadBytes(tf, new Uint8Array(1), [1])).toThrow("got 'cpu'")
  } finally {
    await tf.setBackend('tensorflow')
  }
})
