import * as tf from '@tensorflow/tfjs-node'
import { afterEach, describe, expect, test } from 'vitest'
import { disableFastGradients, momentum, withPrecision } from './index'
import { enable, noise, relativeError, ways } from './testing/stock'

afterEach(() => disableFastGradients(tf))

const precisions = ['bfloat16', 'float16'] as const
const cases = ways.flatMap(([name, way]) => precisions.map((precision) => [precision, name, way] as const))
const counts = () => {
  const backend = tf.backend() as unknown as { getNumOfTFTensors(): number; numDataIds(): number }
  return [tf.memory().numTensors, backend.getNumOfTFTensors(), backend.numDataIds()]
}
/** 1 + 2⁻⁷ + 2⁻¹⁰ + 2⁻²⁰ has more digits than either half precision. */
const fine = 1 + 2 ** -7 + 2 ** -10 + 2 ** -20
const rounded = { bfloat16: 1 + 2 ** -7, float16: 1 + 2 ** -7 + 2 ** -10 }

const bound = { bfloat16: 2e-2, float16: 4e-3 }
let norms = 0

/** A residual block with all that a ResNet has; its ReLUs stay away from their corners, where rounding would decide, as it would in max pooling. */
function residualBlock() {
  const norm = () => {
    const layer = tf.layers.batchNormalization({ name: `norm${norms++}`, epsilon: 1e-3 })
    layer.build([null, 8, 8, 8])
    const shift = tf.linspace(0, 7, 8).mod(2).mul(8).sub(4)
    layer.setWeights([noise([8], 1, 1, 0.1), shift, tf.zeros([8]), tf.ones([8])])
    return layer
  }
  const both = [norm(), norm()]
  const filters = [3, 3, 1].map((size, i) => tf.variable(noise([size, size, 8, 8], i + 2, 0, 0.2)))
  const head = tf.variable(noise([8, 5], 9, 0, 0.3))
  const apply = (i: number, x: tf.Tensor) => both[i]!.apply(x, { training: true }) as tf.Tensor
  const convolve = (i: number, x: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, filters[i] as never, 1, 'same')
  const forward = (x: tf.Tensor) => {
    const inner = tf.relu(apply(0, convolve(0, x)))
    const sum = tf.relu(tf.add(apply(1, convolve(1, inner)), convolve(2, x)))
    return tf.matMul(tf.mean(tf.avgPool(sum as tf.Tensor4D, 3, 2, 'same'), [1, 2]), head as tf.Tensor2D)
  }
  const vectors = both.flatMap((layer) => layer.trainableWeights.map((weight) => weight.read() as tf.Variable))
  return { forward, variables: [...filters, head, ...vectors] }
}

describe.each(cases)('%s, %s', (precision, _, way) => {
  test('withPrecision(tf, precision, f) rounds, and gives float32 tensors', () => {
    enable(way)
    const y = withPrecision(tf, precision, () => tf.relu(tf.scalar(fine)))
    expect([y.dtype, y.dataSync()]).toEqual(['float32', new Float32Array([rounded[precision]])])
    expect(y.dataSync()[0]).toBe(rounded[precision])
    expect(tf.relu(tf.scalar(fine)).dataSync()[0]).toBe(fine)
  })

  test('withPrecision(tf, precision, f) gives the gradients of a residual block, in float32, to 2 % and 0.4 %', () => {
    enable(way)
    const { forward, variables } = residualBlock()
    const x = noise([8, 8, 8, 8], 11)
    const gradients = (f: (x: tf.Tensor) => tf.Tensor) =>
      tf.variableGrads(() => tf.sum(tf.mul(f(x), noise([8, 5], 12))) as tf.Scalar, variables)
    const exact = gradients(forward)
    const half = gradients((input) => withPrecision(tf, precision, () => forward(input)))
    expect(Math.abs(half.value.dataSync()[0]! / exact.value.dataSync()[0]! - 1)).toBeLessThan(bound[precision])
    for (const [i, { name }] of variables.entries()) {
      const [found, expected] = [half.grads[name]!, exact.grads[name]!]
      expect(found.dtype).toBe('float32')
      const error = relativeError(found.dataSync(), expected.dataSync())
      expect(error, `variable ${i}`).toBeLessThan(bound[precision])
      // It did compute in half precision.
      expect(error, `variable ${i}`).toBeGreaterThan(1e-5)
    }
  })

  test('max pooling of padded pictures gives the gradients of float32, for numbers that half precision holds', () => {
    enable(way)
    const x = tf.div(tf.round(noise([2, 7, 8, 5], 1, 0, 4)), 2)
    const frame: [number, number][] = [[0, 0], [1, 1], [2, 0], [0, 0]] // biome-ignore format: one row
    const pool = (v: tf.Tensor) => tf.maxPool(tf.pad(tf.relu6(v), frame) as tf.Tensor4D, 3, 2, 'valid')
    const half = (v: tf.Tensor) => withPrecision(tf, precision, () => pool(v))
    expect(half(x)).toBeClose(pool(x), 0)
    expect(tf.grad(half)(x)).toBeClose(tf.grad(pool)(x), 0)
  })

  test('an op without a half kernel, and one that joins half and float32, run in float32', () => {
    enable(way)
    const one = Math.fround(rounded[precision])
    const results = withPrecision(tf, precision, () => {
      const y = tf.relu(tf.tensor1d([fine, 0]))
      return [tf.exp(y), tf.softmax(y), tf.add(y, tf.tensor1d([2 ** -12, 0])), tf.max(y), tf.sum(y), tf.concat([y, y])]
    })
    const weight = 1 / (1 + Math.exp(-one))
    const expected = [[Math.exp(one), 1], [weight, 1 - weight], [one + 2 ** -12, 0], one, one, [one, 0, one, 0]]
    for (const [i, result] of results.entries()) {
      const values = result.rank === 0 ? result.dataSync()[0]! : [...result.dataSync()]
      expect(values).toBeClose(expected[i]!, 1e-6)
    }
  })

  test('withPrecision(tf, precision, f) is over when f throws, and goes back to the scope around it', () => {
    enable(way)
    const relu = () => tf.relu(tf.scalar(fine)).dataSync()[0]
    const other = precision === 'bfloat16' ? 'float16' : 'bfloat16'
    const fail = () => {
      throw new Error('of the user')
    }
    expect(() => withPrecision(tf, precision, fail)).toThrow('of the user')
    expect(relu()).toBe(fine)
    withPrecision(tf, precision, () => {
      expect(withPrecision(tf, other, relu)).toBe(rounded[other])
      expect(() => withPrecision(tf, other, fail)).toThrow('of the user')
      expect(relu()).toBe(rounded[precision])
    })
    expect(relu()).toBe(fine)
  })

  test('half numbers leave nothing behind: read twice, cloned, disposed, tidied, differentiated', () => {
    enable(way)
    const x = noise([2, 4, 4, 2], 1)
    const filter = tf.variable(noise([3, 3, 2, 2], 2)) as unknown as tf.Tensor4D
    const step = () => {
      const convolve = (v: tf.Tensor) => tf.relu(tf.conv2d(v as tf.Tensor4D, filter, 1, 'same'))
      const half = (v: tf.Tensor) => withPrecision(tf, precision, () => convolve(v))
      const y = tf.tidy(() => half(x))
      y.dataSync()
      const copy = tf.clone(y)
      y.dispose()
      expect(copy.dataSync()).toEqual(copy.dataSync())
      copy.dispose()
      tf.tidy(() => void withPrecision(tf, precision, () => tf.maxPool(tf.relu(x) as tf.Tensor4D, 2, 2, 'valid')))
      tf.grad(half)(x).dispose()
    }
    step()
    const before = counts()
    for (let i = 0; i < 3; i++) step()
    expect(counts()).toEqual(before)
  })

  test('momentum(tf, options) moves the float32 weights, and convolutions read the moved ones', () => {
    enable(way)
    const filter = tf.variable(tf.fill([1, 1, 1, 1], 1)) as tf.Variable<tf.Rank.R4>
    const optimizer = momentum(tf, { rate: 2 ** -12, momentum: 0 })
    const x = tf.ones([1, 1, 1, 1]) as tf.Tensor4D
    const loss = () => tf.sum(withPrecision(tf, precision, () => tf.conv2d(x, filter, 1, 'same'))) as tf.Scalar
    const losses = Array.from({ length: 33 }, () => optimizer.minimize(loss, true, [filter])!.dataSync()[0])
    // 2⁻¹² a step is too little for a half number, 32 of them are 2⁻⁷.
    expect(filter.dataSync()[0]).toBe(1 - 33 * 2 ** -12)
    expect([losses[0], losses[32]]).toEqual([1, 1 - 2 ** -7])
  })
})

test('withPrecision(tf, precision, f) refuses another backend by name', async () => {
  await tf.setBackend('cpu')
  try {
    expect(() => withPrecision(tf, 'bfloat16', () => {})).toThrow("got 'cpu'")
  } finally {
    await tf.setBackend('tensorflow')
  }
})
