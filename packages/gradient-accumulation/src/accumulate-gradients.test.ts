import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/gradient-accumulation.json'
import { type AccumulationOps, accumulateGradients } from './index'

beforeAll(() => tf.setBackend('cpu'))

const arrays: AccumulationOps<number[]> = {
  add: (x, y) => x.map((value, i) => value + y[i]!),
  mul: (x, factor) => x.map((value) => value * factor),
}

describe('accumulateGradients', () => {
  test('accumulateGradients begins with share · gradient and adds to it', () => {
    const first = accumulateGradients(arrays, undefined, { w: [4, 8], b: [2] }, 0.25)
    expect(first).toEqual({ w: [1, 2], b: [0.5] })
    // 1 + 0.75 · 4, 2 + 0.75 · −4, 0.5 + 0.75 · 2
    expect(accumulateGradients(arrays, first, { w: [4, -4], b: [2] }, 0.75)).toEqual({ w: [4, -1], b: [2] })
  })

  test('accumulateGradients does not mind in which order gradients name the variables', () => {
    const first = accumulateGradients(arrays, undefined, { a: [1], b: [2] }, 0.5)
    expect(accumulateGradients(arrays, first, { b: [2], a: [1] }, 0.5)).toEqual({ a: [1], b: [2] })
  })

  test.each(fixture.runs)('parts of $parts of 12 examples train as torch trains on them', ({ parts, steps }) => {
    const x = tf.tensor2d(fixture.x)
    const labels = tf.oneHot(tf.tensor1d(fixture.labels, 'int32'), 4)
    const kernel = tf.variable(tf.tensor2d(fixture.kernel), true, `kernel of ${parts}`)
    const bias = tf.variable(tf.zeros([4]), true, `bias of ${parts}`)
    const optimizer = tf.train.momentum(fixture.rate, fixture.momentum, true)
    const gradientsOf = (from: number, size: number) =>
      tf.variableGrads(() => {
        const logits = tf.add(tf.matMul(tf.slice(x, [from, 0], [size, 3]), kernel), bias)
        return tf.losses.softmaxCrossEntropy(tf.slice(labels, [from, 0], [size, 4]), logits) as tf.Scalar
      }).grads
    for (const { gradients, ...weights } of steps) {
      let sum: tf.NamedTensorMap | undefined
      let from = 0
      for (const size of parts) {
        sum = accumulateGradients(tf, sum, gradientsOf(from, size), size / 12)
        from += size
      }
      expect(sum![kernel.name]).toBeClose(gradients.kernel, 1e-6)
      expect(sum![bias.name]).toBeClose(gradients.bias, 1e-6)
      // By position, as tfjs keeps momentum.
      optimizer.applyGradients([kernel, bias].map(({ name }) => ({ name, tensor: sum![name]! })))
      expect(kernel).toBeClose(weights.kernel, 5e-6)
      expect(bias).toBeClose(weights.bias, 5e-6)
    }
  })

  test('the parts of a batch, however cut, add up to the mean over the batch', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(sizes, fc.integer(), (parts, seed) => {
        const examples = parts.map((size, i) => Array.from({ length: size }, (_, j) => Math.sin(seed + 31 * i + j)))
        const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
        const whole = examples.flat()
        const sum = examples.reduce<Record<string, number[]> | undefined>(
          (sum, part) => accumulateGradients(arrays, sum, { w: [mean(part)] }, part.length / whole.length),
          undefined,
        )
        expect(sum!.w).toBeClose([mean(whole)], 1e-12)
      }),
    )
  })

  test('accumulateGradients leaves its arguments alone and nothing else behind', () => {
    const before = tf.memory().numTensors
    let sum: tf.NamedTensorMap | undefined
    for (let part = 0; part < 3; part++) {
      const gradients: tf.NamedTensorMap = { w: tf.tensor1d([1, 2]) }
      const next = tf.tidy(() => accumulateGradients(tf, sum, gradients, 1 / 3))
      expect(gradients.w).toBeClose([1, 2])
      tf.dispose([gradients, sum ?? []])
      sum = next
      expect(tf.memory().numTensors).toBe(before + 1)
    }
    expect(sum!.w).toBeClose([1, 2])
    tf.dispose(sum!)
    expect(tf.memory().numTensors).toBe(before)
  })

  test('accumulateGradients with share 1 gives tensors of its own', () => {
    const w = tf.tensor1d([3])
    const sum = accumulateGradients(tf, undefined, { w }, 1)
    w.dispose()
    expect(sum.w).toBeClose([3])
  })

  test.each([0, -0.5, 1.5, Number.NaN, '0.5' as never])('accumulateGradients refuses share %s', (share) => {
    expect(() => accumulateGradients(arrays, undefined, { w: [1] }, share)).toThrow(
      new RangeError(`accumulateGradients: share must be in (0, 1], got ${share}`),
    )
  })

  test('accumulateGradients refuses gradients of other variables by name', () => {
    const sum = { w: [1], b: [1] }
    const message = 'accumulateGradients: gradients must be of the same variables as sum, got'
    expect(() => accumulateGradients(arrays, sum, { w: [1] }, 0.5)).toThrow(new RangeError(`${message} none for b`))
    expect(() => accumulateGradients(arrays, sum, { w: [1], b: [1], c: [1] }, 0.5)).toThrow(
      new RangeError(`${message} one too many, c`),
    )
  })

  test('accumulateGradients refuses a gradient of another shape, by name and shapes', () => {
    const sum: tf.NamedTensorMap = { b: tf.zeros([2]), w: tf.zeros([2, 3]) }
    const gradients: tf.NamedTensorMap = { b: tf.zeros([2]), w: tf.zeros([3]) }
    const message = 'accumulateGradients: the gradient of w must have the shape of its sum, [2,3], got [3]'
    expect(() => accumulateGradients(tf, sum, gradients, 0.5)).toThrow(new RangeError(message))
  })

  test('accumulateGradients leaves out frozen variables, and refuses gradients that hold none', () => {
    const [w, frozen] = [tf.variable(tf.scalar(3)), tf.variable(tf.scalar(5), false)]
    const gradientsOf = () => tf.variableGrads(() => tf.mul(w, frozen) as tf.Scalar, [w, frozen]).grads
    expect(gradientsOf()[frozen.name]).toBeNull()
    const first = accumulateGradients(tf, undefined, gradientsOf(), 0.5)
    const sum = accumulateGradients(tf, first, gradientsOf(), 0.5)
    expect(Object.keys(sum)).toEqual([w.name])
    expect(sum[w.name]).toBeClose(5)
    const message = 'accumulateGradients: gradients must hold one or more, got none'
    expect(() => accumulateGradients(arrays, undefined, {}, 1)).toThrow(new RangeError(message))
  })

  test('the result goes where gradients go, and wrong ops are refused', () => {
    const w = tf.variable(tf.zeros([1]))
    const { grads } = tf.variableGrads(() => tf.sum(w) as tf.Scalar)
    expectTypeOf(accumulateGradients(tf, undefined, grads, 1)).toEqualTypeOf<Record<string, tf.Tensor>>()
    expectTypeOf(accumulateGradients(tf, grads, grads, 1)).toExtend<tf.NamedTensorMap>()
    expectTypeOf(accumulateGradients<number[]>).returns.toEqualTypeOf<Record<string, number[]>>()
    // @ts-expect-error: ops without mul
    expectTypeOf(accumulateGradients<number[]>).toBeCallableWith({ add: arrays.add }, undefined, { w: [1] }, 1)
    // @ts-expect-error: ops of another library
    expectTypeOf(accumulateGradients<tf.Tensor>).toBeCallableWith(arrays, undefined, {}, 1)
  })
})
