import { disableFastGradients, enableFastGradients } from '@bag-of-tricks/fast-gradients'
import * as tf from '@tensorflow/tfjs-node'
import { afterEach, describe, expect, test } from 'vitest'
import { autocast } from './index'
import { fine } from './testing/kernels'

afterEach(() => disableFastGradients(tf))

const backend = tf.backend() as unknown as { getNumOfTFTensors(): number }
/** Tensors of tfjs, and handles of TensorFlow. */
const live = () => [tf.memory().numTensors, backend.getNumOfTFTensors()]

const model = tf.sequential({
  layers: [
    tf.layers.conv2d({ inputShape: [8, 8, 2], filters: 4, kernelSize: 3, padding: 'same' }),
    tf.layers.batchNormalization(),
    tf.layers.reLU(),
    tf.layers.zeroPadding2d({ padding: 1 }),
    tf.layers.maxPooling2d({ poolSize: 3, strides: 2 }),
    tf.layers.averagePooling2d({ poolSize: 2 }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 3 }),
  ],
})
const images = tf.randomNormal([4, 8, 8, 2], 0, 1, 'float32', 1)
const logits = () => model.apply(images, { training: true }) as tf.Tensor2D
const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)

describe.each([
  ['by TensorFlow’s own ops', { fusedOps: false }],
  ['by fused ops', { fusedOps: true }],
])('%s', (_, way) => {
  test.each([
    [
      'training',
      () => void tf.variableGrads(() => tf.mean(tf.square(autocast(tf, 'bfloat16', logits))) as tf.Scalar, variables),
    ],
    ['a forward pass', () => void autocast(tf, 'float16', logits)],
    ['tensors read inside', () => void autocast(tf, 'bfloat16', () => void logits().dataSync())],
    ['nested scopes', () => void autocast(tf, 'float16', () => tf.relu(autocast(tf, 'bfloat16', logits)))],
    [
      'emulation',
      () =>
        void tf.variableGrads(
          () => tf.mean(tf.square(autocast(tf, 'bfloat16', logits, { emulate: true }))) as tf.Scalar,
          variables,
        ),
    ],
    [
      'an error half way',
      () => {
        const fail = () => {
          tf.relu(logits())
          throw new Error('mine')
        }
        expect(() => tf.variableGrads(() => autocast(tf, 'bfloat16', fail), variables)).toThrow('mine')
      },
    ],
  ])('autocast leaves no tensor and no handle behind: %s', (_, step) => {
    expect(enableFastGradients(tf, way)).toMatchObject(way)
    for (let i = 0; i < 2; i++) tf.tidy(step)
    const before = live()
    for (let i = 0; i < 5; i++) tf.tidy(step)
    expect(live()).toEqual(before)
  })

  test('half tensors are freed by dispose, read or not, computed or not', () => {
    expect(enableFastGradients(tf, way)).toMatchObject(way)
    const norm = tf.layers.batchNormalization({})
    const x = tf.tensor4d([1, 3], [2, 1, 1, 1])
    const step = () =>
      autocast(tf, 'bfloat16', () => {
        const waiting = norm.apply(x, { training: true }) as tf.Tensor
        const read = tf.relu(x)
        read.dataSync()
        tf.dispose([waiting, read, tf.relu(x), tf.maxPool(x, 1, 1, 'valid')])
      })
    for (let i = 0; i < 2; i++) step()
    norm.getWeights().forEach((weight) => void weight.dataSync())
    const before = live()
    for (let i = 0; i < 5; i++) step()
    norm.getWeights().forEach((weight) => void weight.dataSync())
    expect(live()).toEqual(before)
  })
})

test('tf.tidy in f frees half tensors, tf.keep and autocast’s result live on', () => {
  const before = live()
  const kept: tf.Tensor[] = []
  const result = tf.tidy(() =>
    autocast(tf, 'bfloat16', () =>
      tf.tidy(() => {
        const y = tf.relu(tf.scalar(fine))
        kept.push(tf.keep(tf.relu(y)))
        return { list: [tf.relu(y)] }
      }),
    ),
  )
  expect(tf.memory().numTensors).toBe(before[0]! + 2)
  expect([kept[0]!, result.list[0]!].map((tensor) => tensor.dataSync()[0])).toEqual([1, 1])
  tf.dispose([kept, result])
  expect(live()).toEqual(before)
})
