import type { TensorData } from '@bag-of-tricks/checkpoint'
import { expect, test } from 'vitest'
import { toFloat32 } from './float32'

const tensor = (dtype: string, data: ArrayLike<number>) =>
  ({ dtype, shape: [data.length], data }) as unknown as TensorData

// IEEE 754. binary16: 0x3c00 is 1, 0x3555 is 1365/4096, 0x7bff 65504, 0x0001 2^-24, 0x83ff −1023 · 2^-24.
// bfloat16: 0x3f80 is 1, 0x3eab 171/512, 0xff7f the least float32 but for 16 bits of fraction: −255 · 2^120.
test.each<[string, ArrayLike<number>, number[]]>([
  [
    'F16',
    Uint16Array.of(0x3c00, 0x3555, 0x7bff, 1, 0x83ff, 0x8000),
    [1, 1365 / 4096, 65504, 2 ** -24, -1023 / 2 ** 24, -0],
  ],
  ['BF16', Uint16Array.of(0x3f80, 0x3eab, 0xff7f, 0), [1, 171 / 512, -255 * 2 ** 120, 0]],
  ['F64', Float64Array.of(0.1, -3), [Math.fround(0.1), -3]],
  ['F32', Float32Array.of(0.5), [0.5]],
])('toFloat32(tensor) of %s gives the nearest float32 of each value', (dtype, data, expected) => {
  expect(toFloat32(tensor(dtype, data), 'w')).toStrictEqual({
    dtype: 'F32',
    shape: [expected.length],
    data: Float32Array.from(expected),
  })
})

test.each<[string, ArrayLike<number>, string]>([
  ['F16', Uint16Array.of(0, 0x7c00), 'w is not finite: value 1 is Infinity'],
  ['F16', Uint16Array.of(0x7e00), 'w is not finite: value 0 is NaN'],
  ['BF16', Uint16Array.of(0xff80), 'w is not finite: value 0 is -Infinity'],
  ['F64', Float64Array.of(1e39), 'w is not finite: value 0 is Infinity'],
  ['I8', Int8Array.of(1), 'w must be F32, F64, F16 or BF16, got I8'],
])('toFloat32(tensor) refuses %s %j', (dtype, data, message) => {
  expect(() => toFloat32(tensor(dtype, data), 'w')).toThrow(message)
})
