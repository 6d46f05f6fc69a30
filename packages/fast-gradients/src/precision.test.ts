import * as tf from '@tensorflow/tfjs-node'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { disableFastGradients, enableFastGradients, type HalfPrecision, multipliesFast, withPrecision } from './index'
import { readFastBfloat16 } from './precision'

const processor = (vendor: string, flags: string) => `vendor_id\t: ${vendor}\nflags\t\t: fpu sse2 ${flags} clflush\n`

test.each([
  ['Intel with AMX', processor('GenuineIntel', 'avx512_bf16 amx_bf16 amx_tile'), true],
  ['Intel without', processor('GenuineIntel', 'avx512f avx512_bf16'), false],
  ['AMD with AVX-512 for bfloat16', processor('AuthenticAMD', 'avx512f avx512_bf16'), true],
  ['AMD without', processor('AuthenticAMD', 'avx2'), false],
  ['a processor that tells nothing', '', false],
])('bfloat16 is fast or not on %s', (_, information, fast) => {
  expect(readFastBfloat16(information)).toBe(fast)
})

test('multipliesFast(tf, precision) says no to float16 on a processor, and refuses other backends', async () => {
  expect(multipliesFast(tf, 'float16')).toBe(false)
  await tf.setBackend('cpu')
  try {
    expect(() => multipliesFast(tf, 'bfloat16')).toThrow("got 'cpu'")
  } finally {
    await tf.setBackend('tensorflow')
  }
})

describe('withPrecision', () => {
  const column = tf.tensor2d([[1 + 2 ** -12]])
  const product = (y: tf.Tensor) => tf.matMul(y as tf.Tensor2D, column).dataSync()[0]
  beforeEach(() => void enableFastGradients(tf))
  afterEach(() => disableFastGradients(tf))

  test('gives float32 for good, in arrays and objects too: products with it afterwards are not rounded', () => {
    const results = withPrecision(tf, 'bfloat16', () => {
      const [a, b, c] = [1, 2, 4].map((value) => tf.relu(tf.tensor2d([[value]])))
      // The rounded product of half tensors: 4, not 4 + 2⁻¹⁰.
      expect(product(c!)).toBe(4)
      return { a, rest: [b, { c }] }
    })
    const { a, rest } = results as { a: tf.Tensor; rest: [tf.Tensor, { c: tf.Tensor }] }
    expect([a, rest[0], rest[1].c].map(product)).toEqual([1 + 2 ** -12, 2 + 2 ** -11, 4 + 2 ** -10])
  })

  test('computes what waits before it returns it, in half precision, and keeps its gradient', () => {
    const norm = tf.layers.batchNormalization({
      epsilon: 0,
      betaInitializer: tf.initializers.constant({ value: 2 ** -12 }),
    })
    // Mean 2, deviation 1: 1 and −1, and 2⁻¹² that bfloat16 has no room for.
    const x = tf.tensor2d([[3], [1]])
    const normalize = () => norm.apply(x, { training: true }) as tf.Tensor
    const y = withPrecision(tf, 'bfloat16', normalize)
    expect(y).toBeClose([[1], [-1]], 0)
    expect(product(tf.relu(y))).toBe(1 + 2 ** -12)
    const beta = norm.trainableWeights[1]!.read() as tf.Variable
    const { grads } = tf.variableGrads(
      () => tf.sum(tf.relu(withPrecision(tf, 'bfloat16', normalize))) as tf.Scalar,
      [beta],
    )
    expect(grads[beta.name]!).toBeClose([1], 0)
  })

  test('gives other things, and tensors it has not touched, as they are', () => {
    const [integers, text, freed] = [tf.tensor1d([1], 'int32'), tf.tensor1d(['a']), tf.scalar(1)]
    freed.dispose()
    const all = [integers, text, freed, column, 'text', null, undefined]
    expect(withPrecision(tf, 'float16', () => all)).toBe(all)
    expect(integers).toBeClose([1], 0)
    expect(text.arraySync()).toEqual(['a'])
    expect(withPrecision(tf, 'float16', () => undefined)).toBeUndefined()
  })

  test('refuses another precision by name', () => {
    for (const bad of ['float32', 'toString', undefined]) {
      const message = `withPrecision: precision must be bfloat16 or float16, got ${bad}`
      expect(() => withPrecision(tf, bad as HalfPrecision, () => 1)).toThrow(new RangeError(message))
    }
  })
})
