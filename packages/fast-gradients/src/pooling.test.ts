import * as tf from '@tensorflow/tfjs-node'
import { describe, test } from 'vitest'
import { expectStockNumbers, gradientsOf, noise, ways } from './testing/stock'

type Size = number | [number, number]

/** Whole numbers from −2 to 2: most windows hold their largest more than once. */
const ties = (shape: number[]) => tf.round(noise(shape, 1))
const negative = (shape: number[]) => tf.neg(tf.abs(noise(shape, 1)))

const windows: [string, number[], Size, Size, 'same' | 'valid'][] = [
  ['3×3, stride 2', [2, 9, 7, 5], 3, 2, 'valid'],
  ['3×3, stride 2, odd, same', [2, 9, 7, 5], 3, 2, 'same'],
  ['3×3, stride 2, even, same', [2, 8, 6, 3], 3, 2, 'same'],
  ['2×2', [3, 6, 8, 70], 2, 2, 'valid'],
  ['2×2, rest cut off', [1, 7, 5, 2], 2, 2, 'valid'],
  ['2×3, strides of two kinds', [1, 7, 8, 2], [2, 3], [3, 1], 'valid'],
  ['stride beyond the window', [1, 9, 9, 2], 2, 3, 'valid'],
  ['the whole picture', [2, 5, 4, 3], [5, 4], 1, 'valid'],
  ['254 cells', [1, 3, 128, 2], [2, 127], 1, 'valid'],
  ['256 cells', [1, 17, 16, 2], 16, 1, 'valid'],
  ['one cell', [1, 3, 3, 2], 1, 1, 'same'],
]

describe.each(ways)('%s', (_, way) => {
  describe.each([
    ['ties', ties],
    ['negative numbers', negative],
  ] as const)('%s', (_, numbers) => {
    test.each(windows)('tf.maxPool and its gradient are the stock ones: %s', (_, shape, size, strides, pad) => {
      const pool = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, size, strides, pad)
      expectStockNumbers(way, () => gradientsOf(pool, [numbers(shape)]))
    })

    test.each([
      ['1 all around', [1, 1, 1, 1]],
      ['every side its own', [0, 1, 2, 0]],
      ['a frame wider than the window', [4, 0, 0, 5]],
    ])('tf.maxPool after tf.pad lets zeros win: %s', (_, [t, b, l, r]) => {
      const frame = [
        [0, 0],
        [t, b],
        [l, r],
        [0, 0],
      ] as [number, number][]
      const pool = (x: tf.Tensor) => tf.maxPool(tf.pad(x, frame) as tf.Tensor4D, 3, 2, 'valid')
      expectStockNumbers(way, () => gradientsOf(pool, [numbers([2, 7, 8, 5])]))
    })
  })

  test.each(windows)('tf.avgPool and its gradient are the stock ones: %s', (_, shape, size, strides, pad) => {
    const pool = (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, size, strides, pad)
    expectStockNumbers(way, () => gradientsOf(pool, [noise(shape, 1)]))
  })

  test('tf.maxPool(tf.pad(x)) gives the stock gradients where the frame, or the padded picture, has other readers', () => {
    const frame = [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ] as [number, number][]
    const padded = (use: (p: tf.Tensor4D) => tf.Tensor) => (x: tf.Tensor) => use(tf.pad(x, frame) as tf.Tensor4D)
    const before = (p: tf.Tensor4D) => {
      p.dataSync()
      return tf.maxPool(p, 3, 1, 'valid')
    }
    const after = (p: tf.Tensor4D) => {
      const y = tf.maxPool(p, 3, 1, 'valid')
      p.dataSync()
      return y
    }
    const beside = (p: tf.Tensor4D) => tf.add(tf.maxPool(p, 3, 1, 'valid'), tf.avgPool(p, 3, 1, 'valid'))
    const twice = (p: tf.Tensor4D) => tf.mul(tf.maxPool(p, 3, 1, 'valid'), tf.maxPool(p, 3, 1, 'valid'))
    const cut = (p: tf.Tensor4D) => tf.slice(tf.maxPool(p, 1, 1, 'valid'), [0, 0, 1, 0], [-1, 3, -1, 2])
    for (const use of [before, after, beside, twice, cut]) {
      expectStockNumbers(way, () => gradientsOf(padded(use), [negative([2, 5, 5, 3])]))
    }
  })

  test('tf.maxPool after padding by another number than zero, or of batch and channels, is the stock one', () => {
    const pads: [[number, number][], number][] = [
      [
        [
          [0, 0],
          [1, 1],
          [1, 1],
          [0, 0],
        ],
        -1,
      ],
      [
        [
          [1, 0],
          [1, 1],
          [1, 1],
          [0, 2],
        ],
        0,
      ],
    ]
    for (const [paddings, constant] of pads) {
      const pool = (x: tf.Tensor) => tf.maxPool(tf.pad(x, paddings, constant) as tf.Tensor4D, 3, 2, 'valid')
      expectStockNumbers(way, () => gradientsOf(pool, [negative([2, 5, 5, 3])]))
    }
  })

  test('tf.maxPool and tf.avgPool take an empty batch and a picture without a batch', () => {
    expectStockNumbers(way, () => {
      const empty = tf.zeros([0, 5, 5, 2]) as tf.Tensor4D
      const picture = noise([5, 5, 2], 1) as tf.Tensor3D
      return {
        emptyMax: tf.maxPool(empty, 2, 2, 'same'),
        emptyMean: tf.avgPool(empty, 2, 2, 'valid'),
        max: tf.maxPool(picture, 3, 2, 'valid'),
        mean: tf.avgPool(picture, 3, 2, 'same'),
      }
    })
  })

  test('tf.maxPool, tf.avgPool with sizes to be rounded are the stock ones', () => {
    for (const mode of ['floor', 'round', 'ceil'] as const) {
      expectStockNumbers(way, () => ({
        max: tf.maxPool(noise([1, 8, 8, 2], 1) as tf.Tensor4D, 3, 2, 0, mode),
        mean: tf.avgPool(noise([1, 8, 8, 2], 1) as tf.Tensor4D, 3, 2, 0, mode),
      }))
    }
  })

  test('tf.layers.globalAveragePooling2d, and tf.mean over pixels, have the stock gradient', () => {
    const layer = tf.layers.globalAveragePooling2d({})
    const x = [noise([3, 5, 4, 6], 1)]
    expectStockNumbers(way, () => gradientsOf((v) => layer.apply(v) as tf.Tensor, x))
    expectStockNumbers(way, () => gradientsOf((v) => tf.mean(v, [1, 2]), x))
  })
})
