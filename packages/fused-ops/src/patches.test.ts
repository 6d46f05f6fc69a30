import * as tf from '@tensorflow/tfjs-node'
import { expect, test } from 'vitest'
import { relativeError, rounding } from './testing/closeness'
import { download, execute, type Precision, upload } from './testing/execute'

test.each([
  ['float32', 'float32'],
  ['bfloat16', 'bfloat16'],
  ['bfloat16', 'float32'],
  ['float16', 'float16'],
  ['float16', 'float32'],
] as [Precision, Precision][])(
  'BagOfTricksPatches from %s to %s and its gradient turn a convolution into matrix products',
  (T, Column) => {
    for (const [shape, window, stride, pads] of [
      [[2, 5, 6, 3], 3, 2, [1, 1, 1, 1]],
      [[2, 4, 4, 17], 3, 1, [0, 2, 1, 0]],
      [[1, 7, 7, 5], 1, 2, [0, 0, 0, 0]],
    ] as [[number, number, number, number], number, number, [number, number, number, number]][]) {
      const [top, bottom, left, right] = pads
      const x = tf.randomNormal(shape, 0, 1, 'float32', 1)
      const filter = tf.randomNormal([window, window, shape[3], 4], 0, 1, 'float32', 2) as tf.Tensor4D
      const convolve = (picture: tf.Tensor) =>
        tf.conv2d(
          tf.pad4d(picture as tf.Tensor4D, [
            [0, 0],
            [top, bottom],
            [left, right],
            [0, 0],
          ]),
          filter,
          stride,
          'valid',
        )
      const y = convolve(x)
      const ints = { ksize: [window, window], strides: [stride, stride], pads }
      const [columns] = execute(
        'BagOfTricksPatches',
        { types: { T, Column }, ints },
        [upload(x.dataSync(), shape, T)],
        1,
      )
      const product = tf.matMul(
        tf.tensor2d(download(columns!, Column), columns!.shape as [number, number]),
        filter.reshape([-1, 4]),
      )
      expect(relativeError(product.dataSync(), y.dataSync())).toBeLessThan(Math.max(1e-6, 2 * rounding[T]))

      const dy = tf.randomNormal(y.shape, 0, 1, 'float32', 3)
      const dcolumns = tf.matMul(dy.reshape([-1, 4]), filter.reshape([-1, 4]), false, true)
      const sent = upload(dcolumns.dataSync(), dcolumns.shape, T)
      const [dx] = execute('BagOfTricksPatchesGrad', { types: { T }, ints: { ...ints, input_shape: shape } }, [sent], 1)
      const expected = tf.grad(convolve)(x, dy).dataSync()
      expect(relativeError(download(dx!, T), expected)).toBeLessThan(Math.max(1e-6, 2 * rounding[T]))
    }
  },
)
