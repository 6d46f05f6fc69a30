import * as tf from '@tensorflow/tfjs-node'

/** 1 + 2⁻¹⁰ + 2⁻²⁰: bfloat16, in steps of 2⁻⁷ there, makes it 1, and float16, in steps of 2⁻¹⁰, makes it 1 + 2⁻¹⁰. */
export const fine = 1 + 2 ** -10 + 2 ** -20
export const nearest = { bfloat16: 1, float16: 1 + 2 ** -10 } as const

const picture = () => tf.fill([1, 2, 2, 1], fine) as tf.Tensor4D
const one = () => tf.ones([1, 1, 1, 1]) as tf.Tensor4D
/** Each of them is a number of both types; their sum is `fine`. */
const terms = () => tf.tensor2d([[1, 2 ** -10, 2 ** -20]])
const pictureOfTerms = () => tf.tile(tf.reshape(terms(), [1, 1, 1, 3]), [1, 8, 8, 1]) as tf.Tensor4D
const weights = { kernelInitializer: 'ones', biasInitializer: 'zeros' } as const
const apply = (layer: tf.layers.Layer, x: tf.Tensor, training = false) => layer.apply(x, { training }) as tf.Tensor

/** Ops with a kernel in half precision, each on `fine`: in float32 the first number of the result is `fine` again. */
export const halfKernels: [string, () => tf.Tensor][] = [
  ['relu', () => tf.relu(picture())],
  ['relu6', () => tf.relu6(picture())],
  ['conv2d', () => tf.conv2d(picture(), one(), 1, 'valid')],
  [
    'a layer of conv2d',
    () => apply(tf.layers.conv2d({ filters: 1, kernelSize: 1, useBias: false, ...weights }), picture()),
  ],
  ['maxPool', () => tf.maxPool(picture(), 2, 2, 'valid')],
  ['avgPool', () => tf.avgPool(picture(), 2, 2, 'valid')],
  ['matMul', () => tf.matMul(tf.tensor2d([[fine]]), tf.ones([1, 1]))],
  ['the sum of a matMul', () => tf.matMul(terms(), tf.ones([3, 1]))],
  ['the sum of a conv2d', () => tf.conv2d(pictureOfTerms(), tf.ones([1, 1, 3, 1]) as tf.Tensor4D, 1, 'same')],
  ['the sum of a larger conv2d', () => tf.conv2d(pictureOfTerms(), corner(), 1, 'same')],
  ['a dense layer', () => apply(tf.layers.dense({ units: 1, useBias: false, ...weights }), tf.tensor2d([[fine]]))],
  ['batch norm in training', () => apply(normalized(fine - 1), tf.tensor2d([[3], [1]]), true)],
]

/** A filter that sees one of its four cells. */
function corner(): tf.Tensor4D {
  const cell = tf.ones([1, 1, 3, 1])
  return tf.pad(cell, [
    [0, 1],
    [0, 1],
    [0, 0],
    [0, 0],
  ]) as tf.Tensor4D
}

/** Takes the mean, 2, off, divides by the deviation, 1, and adds `beta`. */
function normalized(beta: number): tf.layers.Layer {
  return tf.layers.batchNormalization({ epsilon: 0, betaInitializer: tf.initializers.constant({ value: beta }) })
}
