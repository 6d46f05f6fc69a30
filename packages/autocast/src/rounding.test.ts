import * as tf from '@tensorflow/tfjs-node'
import { expect, test } from 'vitest'
import { rounding } from './rounding'

const rounded = (precision: 'bfloat16' | 'float16', values: number[]) =>
  Array.from(rounding(tf, precision)(tf.tensor1d(values, 'float32')).dataSync())

// The definitions of the formats: bfloat16 has 8 significant bits, float16 11 and an exponent from −14 to 15.
test('bfloat16: to the nearest of 8 bits, ties to even', () => {
  const step = 2 ** -7
  const values = [1, 1 + 0.4 * step, 1 + 0.6 * step, 1 + 0.5 * step, 1 + 1.5 * step, -1 - 0.6 * step, 3e38, 1e-30]
  const [one, down, up, tieDown, tieUp, negative, large, small] = rounded('bfloat16', values)
  expect([one, down, up, tieDown, tieUp, negative]).toEqual([1, 1, 1 + step, 1, 1 + 2 * step, -1 - step])
  expect(large).toBeGreaterThan(2.9e38)
  expect(Math.abs(small! / 1e-30 - 1)).toBeLessThan(2 ** -8)
})

test('float16: to the nearest of 11 bits, ties to even', () => {
  const step = 2 ** -10
  expect(rounded('float16', [1 + 0.4 * step, 1 + 0.5 * step, 1 + 1.5 * step, -1 - 0.6 * step])).toEqual([
    1,
    1,
    1 + 2 * step,
    -1 - step,
  ])
})

test('float16: subnormals in steps of 2⁻²⁴, nothing below half of one', () => {
  expect(rounded('float16', [2 ** -14, 3.4 * 2 ** -24, 2 ** -25, 1.1 * 2 ** -25])).toEqual([
    2 ** -14,
    3 * 2 ** -24,
    0,
    2 ** -24,
  ])
})

test('float16: 65504 is the largest number, from 65520 on it is infinity', () => {
  expect(rounded('float16', [65504, 65519, 65520, -1e6])).toEqual([65504, 65504, Infinity, -Infinity])
})

test.each(['bfloat16', 'float16'] as const)('%s: infinities and what is no number stay', (precision) => {
  expect(rounded(precision, [Infinity, -Infinity, Number.NaN, 0])).toEqual([Infinity, -Infinity, Number.NaN, 0])
})

test('the gradient that comes back is rounded too', () => {
  const x = tf.tensor1d([1])
  const slope = tf.grad((v) => rounding(tf, 'bfloat16')(v))(x, tf.tensor1d([1 + 2 ** -12]))
  expect(slope).toBeClose([1], 0)
})
