import { disableFastGradients, enableFastGradients } from '@bag-of-tricks/fast-gradients'
import * as tf from '@tensorflow/tfjs-node'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { autocast } from './index'

beforeEach(() => void enableFastGradients(tf))
afterEach(() => disableFastGradients(tf))

const { layers } = tf
const normal = (seed: number) => tf.initializers.heNormal({ seed })
const images = tf.randomNormal([32, 6, 6, 1], 0, 1, 'float32', 3)
/** Which half of a picture is the brighter one. */
const labels = tf.tidy(() => {
  const halves = tf.sum(tf.reshape(images, [32, 2, 18]), 2)
  return tf.oneHot(tf.argMax(halves, 1), 2)
})

function network(): tf.LayersModel {
  const convolution = { inputShape: [6, 6, 1], filters: 4, kernelSize: 3, useBias: false, kernelInitializer: normal(1) }
  return tf.sequential({
    layers: [layers.conv2d(convolution), layers.batchNormalization(), layers.reLU(), layers.flatten()],
  })
}

/** The lower 16 bits of a number of bfloat16 are 0. */
function isBfloat16(values: ArrayLike<number>): boolean {
  return Array.from(new Uint32Array(Float32Array.from(values).buffer)).every((bits) => bits % 2 ** 16 === 0)
}

test('model.predict inside autocast gives float32 tensors of bfloat16 numbers', () => {
  const model = network()
  const predict = () => model.predict(images) as tf.Tensor
  const [float, half] = [predict(), autocast(tf, 'bfloat16', predict)]
  expect(half.dtype).toBe('float32')
  expect([float, half].map((tensor) => isBfloat16(tensor.dataSync()))).toEqual([false, true])
  // Numbers between 4 and 8 lie 2⁻⁵ apart; the convolution's and ReLU's are off by half of it at most.
  expect(half).toBeClose(float, 2 ** -5)
})

test('model.fit trains in half precision through a model whose call is wrapped', async () => {
  const train = async (wrap: boolean) => {
    const part = network()
    const call = part.call.bind(part)
    if (wrap) part.call = (x, kwargs) => autocast(tf, 'bfloat16', () => call(x, kwargs))
    const inputs = tf.input({ shape: [6, 6, 1] })
    const features = part.apply(inputs) as tf.SymbolicTensor
    const dense = layers.dense({ units: 2, activation: 'softmax', kernelInitializer: normal(2) })
    const model = tf.model({ inputs, outputs: dense.apply(features) as tf.SymbolicTensor })
    model.compile({ optimizer: tf.train.momentum(0.02, 0.9), loss: 'categoricalCrossentropy' })
    const { history } = await model.fit(images, labels, { epochs: 10, batchSize: 16, shuffle: false, verbose: 0 })
    const found = tf.model({ inputs, outputs: features }).predict(images) as tf.Tensor
    const weights = model.getWeights().map((weight) => isBfloat16(weight.dataSync()))
    return { losses: history.loss as number[], weights, found: isBfloat16(found.dataSync()) }
  }
  const [float, half] = [await train(false), await train(true)]
  expect([float.found, half.found]).toEqual([false, true])
  // Weights and statistics have the digits of float32: kernel, γ, β, dense kernel and bias, mean, variance.
  expect(half.weights).toEqual(Array(7).fill(false))
  expect(half.losses).toBeClose(float.losses, 0.02)
  expect(half.losses).not.toEqual(float.losses)
  expect(half.losses.at(-1)).toBeLessThan(0.7 * half.losses[0]!)
})
