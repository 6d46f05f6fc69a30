import * as tf from '@tensorflow/tfjs-node'
import { afterEach, describe, expect, test } from 'vitest'
import { autocast, type Precision } from './index'
import { fixture, precisions } from './testing/fixture'

afterEach(() => tf.setBackend('tensorflow'))

const float = (bits: readonly number[]) => new Float32Array(Uint32Array.from(bits).buffer)

/** Rounded by an op that does nothing else: the mean over windows of one cell. */
function rounded(precision: Precision, values: Float32Array, emulate: boolean): number[] {
  const x = tf.tensor4d(values, [1, values.length, 1, 1])
  return Array.from(autocast(tf, precision, () => tf.avgPool(x, 1, 1, 'valid'), { emulate }).dataSync())
}

describe.each([
  ['in half precision', 'tensorflow', false],
  ['emulated on tfjs-node', 'tensorflow', true],
  ['emulated on the cpu backend', 'cpu', true],
] as const)('%s', (_, backend, emulate) => {
  test.each(precisions)(
    'autocast(tf, %j, f) rounds as torch does: ties, subnormals, overflow, NaN',
    async (precision) => {
      await tf.setBackend(backend)
      const table = fixture.rounding[precision]
      const [values, expected] = [float(table.values), Array.from(float(table.rounded))]
      const found = rounded(precision, values, emulate)
      const wrong = expected.flatMap((value, i) =>
        value === found[i] || Number.isNaN(value + found[i]!) ? [] : [[values[i], value, found[i]]],
      )
      expect(wrong).toEqual([])
      expect(found.map(Number.isNaN)).toEqual(expected.map(Number.isNaN))
    },
  )
})

test('the table holds what it is to hold', () => {
  const { bfloat16, float16 } = fixture.rounding
  const pairs = (table: typeof bfloat16) =>
    new Map(Array.from(float(table.values), (value, i) => [value, float(table.rounded)[i]]))
  // 65504 is the largest number of float16, and 65520 midway to the next power of two.
  expect([...[65504, 65520, -65520].map((value) => pairs(float16).get(value))]).toEqual([65504, Infinity, -Infinity])
  // Midway between 1 and 1 + 2⁻¹⁰; between the next two; half the smallest subnormal number.
  expect([1 + 2 ** -11, 1 + 3 * 2 ** -11, 2 ** -25].map((value) => pairs(float16).get(value))).toEqual([
    1,
    1 + 2 ** -9,
    0,
  ])
  expect([1 + 2 ** -8, 1 + 3 * 2 ** -8].map((value) => pairs(bfloat16).get(value))).toEqual([1, 1 + 2 ** -6])
})

test('emulated subnormal numbers of bfloat16 lie 2⁻¹³³ apart', async () => {
  await tf.setBackend('cpu')
  // TensorFlow takes them for zeros, emulated or not. Ties: 0.5 to 0, 1.5 to 2.
  const values = Float32Array.of(0.5, 0.75, 1.5, 5.25, 2 ** 7).map((value) => value * 2 ** -133)
  expect(rounded('bfloat16', values, true).map((value) => value * 2 ** 133)).toEqual([0, 1, 2, 5, 2 ** 7])
})

test.each(precisions)('in %s the gradient that comes back through an emulated op is rounded too', (precision) => {
  const fine = 1 + 2 ** -12
  const slope = tf.grad((x) => autocast(tf, precision, () => tf.relu(x), { emulate: true }))
  expect(slope(tf.scalar(1), tf.scalar(fine))).toBeClose(1, 0)
  expect(tf.grad((x) => tf.relu(x))(tf.scalar(1), tf.scalar(fine))).toBeClose(fine, 0)
})
