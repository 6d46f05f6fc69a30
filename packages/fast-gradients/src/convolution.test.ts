import * as tf from '@tensorflow/tfjs-node'
import { describe, expect, test } from 'vitest'
import { enableFastGradients } from './index'
import { expectStockNumbers, gradientsOf, noise, ways } from './testing/stock'

type Padding = Parameters<typeof tf.conv2d>[3]

const convolve = (strides: number | [number, number], pad: Padding) => (x: tf.Tensor, filter: tf.Tensor) =>
  tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad)

describe.each(ways)('%s', (_, way) => {
  // Results of few pixels are computed as matrix products, those of many by oneDNN: both sides of each border.
  test.each([
    ['3×3', [2, 9, 11, 3], [3, 3, 3, 5], 1, 'same'],
    ['3×3, few pixels', [3, 4, 3, 3], [3, 3, 3, 5], 1, 'same'],
    ['3×3, odd, stride 2', [2, 11, 9, 4], [3, 3, 4, 3], 2, 'same'],
    ['3×3, even, stride 2', [2, 8, 8, 4], [3, 3, 4, 3], 2, 'same'],
    ['3×3, inside only', [1, 7, 6, 2], [3, 3, 2, 4], 1, 'valid'],
    ['5×4, stride 3', [2, 14, 13, 2], [5, 4, 2, 3], 3, 'valid'],
    ['strides of two kinds', [2, 7, 9, 2], [3, 2, 2, 3], [1, 2], 'same'],
    ['7×7, stride 2', [1, 33, 31, 3], [7, 7, 3, 4], 2, 'same'],
    ['1×1', [2, 15, 14, 5], [1, 1, 5, 7], 1, 'same'],
    ['1×1, few pixels', [2, 5, 5, 5], [1, 1, 5, 7], 1, 'valid'],
    ['1×1, stride 2', [1, 57, 58, 2], [1, 1, 2, 3], 2, 'same'],
    ['1×1, stride 2, few pixels', [2, 5, 6, 5], [1, 1, 5, 7], 2, 'same'],
    ['a filter as big as the picture', [3, 4, 4, 2], [4, 4, 2, 5], 1, 'valid'],
    ['a filter of 255 cells', [1, 16, 18, 1], [15, 17, 1, 2], 1, 'valid'],
    ['a filter of 256 cells', [1, 17, 17, 1], [16, 16, 1, 2], 1, 'valid'],
    ['one pixel and one channel', [1, 1, 1, 1], [1, 1, 1, 1], 1, 'same'],
  ] as const)('tf.conv2d and its gradients are the stock ones: %s', (_, shape, filter, strides, pad) => {
    const xs = [noise(shape, 1, 1, 2), noise(filter, 2)]
    expectStockNumbers(way, () => gradientsOf(convolve(strides as number, pad), xs), 2e-6)
  })

  // Stock tfjs-node has no gradient for padding in numbers; it pads first.
  test.each([
    ['1 all around, stride 2', [2, 9, 7, 3], [3, 3, 3, 4], 2, 1, [1, 1, 1, 1]],
    ['3 all around', [1, 9, 9, 2], [7, 7, 2, 3], 1, 3, [3, 3, 3, 3]],
    ['0', [1, 6, 5, 2], [3, 3, 2, 3], 1, 0, [0, 0, 0, 0]],
    [
      'every side its own',
      [2, 8, 9, 2],
      [3, 2, 2, 3],
      1,
      [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ],
      [1, 2, 0, 1],
    ],
    ['few pixels', [2, 4, 4, 3], [3, 3, 3, 4], 2, 1, [1, 1, 1, 1]],
    ['1×1, a frame of zeros', [2, 3, 3, 2], [1, 1, 2, 3], 1, 1, [1, 1, 1, 1]],
  ] as const)('tf.conv2d pads by numbers as tf.pad does: %s', (_, shape, filter, strides, pad, [t, b, l, r]) => {
    const xs = [noise(shape, 1), noise(filter, 2)]
    const padded = (x: tf.Tensor, w: tf.Tensor) =>
      convolve(strides, 'valid')(
        tf.pad(x, [
          [0, 0],
          [t, b],
          [l, r],
          [0, 0],
        ]),
        w,
      )
    expectStockNumbers(
      way,
      () => gradientsOf(convolve(strides, pad as Padding), xs),
      2e-6,
      () => gradientsOf(padded, xs),
    )
  })

  test.each(['floor', 'round', 'ceil'] as const)('tf.conv2d rounds sizes as stock does: %s', (mode) => {
    const compute = () => ({
      y: tf.conv2d(noise([1, 8, 8, 2], 1) as tf.Tensor4D, noise([3, 3, 2, 3], 2) as tf.Tensor4D, 2, 0, 'NHWC', 1, mode),
    })
    expectStockNumbers(way, compute)
  })

  test('tf.conv2d spreads a filter by dilations, and takes an empty batch and a picture without a batch', () => {
    const filter = noise([3, 3, 2, 3], 2) as tf.Tensor4D
    expectStockNumbers(way, () => ({
      dilated: tf.conv2d(noise([2, 9, 9, 2], 1) as tf.Tensor4D, filter, 1, 'same', 'NHWC', 2),
      empty: tf.conv2d(tf.zeros([0, 9, 9, 2]) as tf.Tensor4D, filter, 1, 'same'),
      emptyOfFewPixels: tf.conv2d(tf.zeros([0, 3, 3, 2]) as tf.Tensor4D, filter, 1, 'same'),
      picture: tf.conv2d(noise([9, 9, 2], 1) as tf.Tensor3D, filter, 1, 'same'),
    }))
  })

  test.each(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const)(
    'tf.fused.conv2d adds the bias and activates: %s',
    (activation) => {
      const more = activation === 'prelu' ? { preluActivationWeights: tf.tensor1d([0.1, 0.2, 0.3]) } : {}
      const convolution = {
        x: noise([2, 7, 7, 2], 1) as tf.Tensor4D,
        filter: noise([3, 3, 2, 3], 2) as tf.Tensor4D,
        strides: 1,
        pad: 'same',
        activation,
        leakyreluAlpha: 0.3,
        ...more,
      } as const
      expectStockNumbers(way, () => ({
        withBias: tf.fused.conv2d({ ...convolution, bias: noise([3], 3) as tf.Tensor1D }),
        without: tf.fused.conv2d(convolution),
      }))
    },
  )

  test.each(['linear', 'relu', 'sigmoid'] as const)('tf.layers.conv2d trains bias and filter: %s', (activation) => {
    const xs = [noise([2, 7, 7, 2], 1), noise([3, 3, 2, 3], 2), noise([3], 3)]
    const layer = tf.layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', activation })
    layer.build([null, 7, 7, 2])
    layer.setWeights(xs.slice(1))
    const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable)
    expectStockNumbers(
      way,
      () => {
        const loss = () => tf.sum(tf.square(layer.apply(xs[0]!) as tf.Tensor)) as tf.Scalar
        const { value, grads } = tf.variableGrads(loss, variables)
        return { value, filter: grads[variables[0]!.name]!, bias: grads[variables[1]!.name]! }
      },
      2e-6,
    )
  })

  test('tf.depthwiseConv2d, tf.conv2dTranspose and tf.conv1d are the stock ones', () => {
    const x = noise([2, 7, 6, 3], 1)
    expectStockNumbers(
      way,
      () => ({
        ...gradientsOf(
          (v, w) => tf.depthwiseConv2d(v as tf.Tensor4D, w as tf.Tensor4D, 2, 'same'),
          [x, noise([3, 3, 3, 2], 2)],
        ),
      }),
      2e-6,
    )
    const transposed = (v: tf.Tensor, w: tf.Tensor) =>
      tf.conv2dTranspose(v as tf.Tensor4D, w as tf.Tensor4D, [2, 14, 12, 4], 2, 'same')
    expectStockNumbers(way, () => gradientsOf(transposed, [x, noise([3, 3, 4, 3], 2)]), 2e-6)
    const along = (v: tf.Tensor, w: tf.Tensor) => tf.conv1d(v as tf.Tensor3D, w as tf.Tensor3D, 1, 'same')
    expectStockNumbers(way, () => gradientsOf(along, [noise([2, 9, 3], 1), noise([3, 3, 4], 2)]), 2e-6)
  })

  test('tf.conv2d has the stock second derivatives', () => {
    const slope = (x: tf.Tensor, w: tf.Tensor) => tf.grad((v) => tf.sum(tf.square(convolve(1, 'same')(v, w))))(x)
    expectStockNumbers(way, () => gradientsOf(slope, [noise([2, 7, 6, 2], 1), noise([3, 3, 2, 3], 2)]), 5e-6)
  })
})

test('tf.conv2d refuses what stock refuses, in the same words', () => {
  const wrong = () => tf.conv2d(noise([1, 4, 4, 2], 1) as tf.Tensor4D, noise([3, 3, 3, 2], 2) as tf.Tensor4D, 1, 'same')
  const message = 'Error in conv2d: depth of input (2) must match input depth for filter 3.'
  expect(wrong).toThrow(message)
  enableFastGradients(tf)
  expect(wrong).toThrow(message)
})
