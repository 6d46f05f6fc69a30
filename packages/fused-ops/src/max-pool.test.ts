import * as tf from '@tensorflow/tfjs-node'
import { expect, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/fused-ops.json'
import { type Attributes, download, execute, type Handle, precisions, upload, uploadBytes } from './testing/execute'

interface Windows {
  ksize: readonly number[]
  strides: readonly number[]
  pads: readonly number[]
}
const square = { ksize: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }

const maxPool = (x: Handle, { ksize, strides, pads }: Windows, types: Attributes['types'] = { T: 'float32' }) =>
  execute('BagOfTricksMaxPool', { types, ints: { ksize, strides, pads } }, [x], 2)

function maxPoolGrad(
  dy: Handle[],
  index: Handle,
  shape: readonly number[],
  { ksize, strides, pads }: Windows,
  types: Attributes['types'] = { T: 'float32' },
) {
  const ints = { dys: dy.length, ksize, strides, pads, input_shape: shape }
  return execute('BagOfTricksMaxPoolGrad', { types, ints }, [...dy, index], 1)[0]!
}

test.each(precisions)('BagOfTricksMaxPool and its gradient in %s are torch’s, ties and padding included', (T) => {
  for (const { shape, x, dy, y, index, dx, ...windows } of fixture.maxPool) {
    const [found, cells] = maxPool(upload(x, shape, T), windows, { T })
    expect([...download(found!, T)]).toEqual(y)
    expect([...download(cells!, 'uint8')]).toEqual(index)
    const gradient = upload(dy, found!.shape, T)
    // Small integers: no precision rounds them. Adding 0 turns -0 into 0.
    const sent = (handle: Handle) => [...download(handle, T)].map((value) => value + 0)
    expect(sent(maxPoolGrad([gradient], cells!, shape, windows, { T }))).toEqual(dx)
    expect(sent(maxPoolGrad([gradient, gradient], cells!, shape, windows, { T }))).toEqual(dx.map((value) => 2 * value))
  }
})

test('BagOfTricksMaxPool takes any number of channels', () => {
  for (const channels of [1, 63, 65, 200]) {
    const x = tf.randomNormal([2, 9, 7, channels], 0, 1, 'float32', channels) as tf.Tensor4D
    const [y] = maxPool(upload(x.dataSync(), x.shape), { ksize: [2, 3], strides: [2, 1], pads: [0, 0, 0, 0] })
    expect(download(y!)).toEqual(tf.maxPool(x, [2, 3], [2, 1], 'valid').dataSync())
  }
})

test('BagOfTricksMaxPool gives the first of equals, padding included, and its gradient to no one if the padding won', () => {
  // All nine cells of the window are 0 and the first one is padding.
  const [y, index] = maxPool(upload([0, 0, 0, 0], [1, 2, 2, 1]), square)
  expect([download(y!), download(index!, 'uint8')]).toEqual([new Float32Array([0]), new Float32Array([255])])
  const dx = maxPoolGrad([upload([5], [1, 1, 1, 1])], index!, [1, 2, 2, 1], square)
  expect(download(dx)).toEqual(new Float32Array(4))
})

test('BagOfTricksMaxPool passes the first NaN on, and its gradient to where it stood', () => {
  const { NaN: nan } = Number
  const windows = { ksize: [1, 4], strides: [1, 4], pads: [0, 0, 0, 0] }
  const [y, index] = maxPool(upload([9, nan, 10, nan], [1, 1, 4, 1]), windows)
  expect([download(y!), download(index!, 'uint8')]).toEqual([new Float32Array([nan]), new Float32Array([1])])
  const [least] = maxPool(upload([-Infinity, -Infinity, -Infinity, -Infinity], [1, 1, 4, 1]), windows)
  expect(download(least!)).toEqual(new Float32Array([-Infinity]))
})

test.each([
  ['x must be batch, height, width and channels, none of them 0, got [0, 4, 4, 1]', [0, 4, 4, 1], square],
  ['x must be batch, height, width and channels, none of them 0, got [4, 4]', [4, 4], square],
  ['ksize must be height and width of a window of at most 254 cells, got [3]', [1, 4, 4, 1], { ...square, ksize: [3] }],
  [
    'ksize must be height and width of a window of at most 254 cells, got [15, 17]',
    [1, 20, 20, 1],
    { ...square, ksize: [15, 17] },
  ],
  ['ksize must be no larger than the padded picture, got [3, 3]', [1, 1, 4, 1], { ...square, pads: [0, 1, 0, 0] }],
  ['strides must be two positive numbers, got [2, 0]', [1, 4, 4, 1], { ...square, strides: [2, 0] }],
  [
    'pads must be top, bottom, left and right, none negative, got [1, 1, 1, -1]',
    [1, 4, 4, 1],
    { ...square, pads: [1, 1, 1, -1] },
  ],
])('BagOfTricksMaxPool refuses: %s', (message, shape, windows) => {
  const x = upload(new Float32Array(shape.reduce((a, b) => a * b)), shape)
  expect(() => maxPool(x, windows)).toThrow(new Error(`BagOfTricksMaxPool: ${message}`))
})

test.each([
  ['dy must have the shape [1,2,2,1], got [1,2,2,2]', [1, 2, 2, 2], [1, 2, 2, 1], [1, 4, 4, 1]],
  ['index must have the shape [1,2,2,1], got [4]', [1, 2, 2, 1], [4], [1, 4, 4, 1]],
  [
    'input_shape must be batch, height, width and channels, none of them 0, got [4, 4]',
    ...[
      [1, 2, 2, 1],
      [1, 2, 2, 1],
      [4, 4],
    ],
  ],
] as [string, number[], number[], number[]][])('BagOfTricksMaxPoolGrad refuses: %s', (message, dy, index, shape) => {
  const size = (dims: number[]) => dims.reduce((a, b) => a * b)
  const gradient = upload(new Float32Array(size(dy)), dy)
  expect(() => maxPoolGrad([gradient], uploadBytes(new Uint8Array(size(index)), index), shape, square)).toThrow(
    new Error(`BagOfTricksMaxPoolGrad: ${message}`),
  )
})
