import { accumulateGradients } from '@bag-of-tricks/gradient-accumulation'
import { decayGradients } from '@bag-of-tricks/no-bias-decay'
import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { beforeAll, expect, expectTypeOf, onTestFinished, test, vi } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/mixed-precision.json'
import { type UnscaleOps, unscale } from './index'

beforeAll(() => tf.setBackend('cpu'))

const arrays: UnscaleOps<number[], number> = {
  mul: (x, factor) => x.map((value) => value * factor),
  sum: (x) => x.reduce((sum, value) => sum + value, 0),
  add: (x, y) => x + y,
}

test('unscale(ops, gradients, scale) divides every gradient and keeps its name', () => {
  const { gradients, finite } = unscale(arrays, { 'conv/kernel': [8, -4], 'fc/bias': [1] }, 4)
  expect(gradients).toEqual({ 'conv/kernel': [2, -1], 'fc/bias': [0.25] })
  expect(finite).toBe(true)
})

test('unscale gives in tfjs what unscale_ of torch’s GradScaler gives', () => {
  expect(fixture.unscale).toHaveLength(2)
  for (const { gradients, scale, unscaled, finite } of fixture.unscale) {
    const named = Object.fromEntries(gradients!.map((values, i) => [`weight ${i}`, tf.tensor1d(values)]))
    const result = unscale(tf, named, scale)
    expect(result.finite).toBe(finite)
    Object.values(result.gradients).forEach((gradient, i) => {
      expect(gradient.dtype).toBe('float32')
      const ratios = Array.from(gradient.dataSync(), (value, j) => (value === 0 ? 1 : value / unscaled![i]![j]!))
      expect(ratios).toBeClose(
        unscaled![i]!.map(() => 1),
        2e-7,
      )
    })
  }
})

test('unscale tells one value that is not finite anywhere, as torch does', () => {
  const verdicts = Object.entries(fixture.finiteWith)
  expect(verdicts).toHaveLength(4)
  for (const [text, finite] of verdicts) {
    const value = { inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY, nan: Number.NaN }[text]
    const spoiled = [3, value ?? Number(text), 5]
    expect(unscale(arrays, { a: [1, 2], b: spoiled }, 8).finite).toBe(finite)
    expect(unscale(tf, { a: tf.tensor1d([1, 2]), b: tf.tensor1d(spoiled) }, 8).finite).toBe(finite)
    expect(unscale(tf, { b: tf.tensor1d(spoiled), a: tf.tensor1d([1, 2]) }, 8).finite).toBe(finite)
  }
})

test('unscale is not deceived by infinities of both signs', () => {
  const { POSITIVE_INFINITY: infinity } = Number
  expect(unscale(tf, { a: tf.tensor1d([infinity, -infinity]) }, 8).finite).toBe(false)
  expect(unscale(tf, { a: tf.scalar(infinity), b: tf.scalar(-infinity) }, 8).finite).toBe(false)
})

test('unscale judges the gradients that it gives: one that a scale below 1 makes infinite is not finite', () => {
  expect(unscale(tf, { a: tf.scalar(3e38) }, 2 ** -4).finite).toBe(false)
  expect(unscale(tf, { a: tf.scalar(3e38) }, 2 ** 4).finite).toBe(true)
})

test('unscale gives back gradients that were scaled, for every scale of a loss scaler', () => {
  const values = fc.array(fc.float({ noNaN: true, min: Math.fround(-1e20), max: Math.fround(1e20) }), { minLength: 1 })
  fc.assert(
    fc.property(values, fc.integer({ min: 0, max: 24 }), (gradient, exponent) => {
      const scale = 2 ** exponent
      const scaled = gradient.map((value) => value * scale)
      expect(unscale(arrays, { gradient: scaled }, scale)).toEqual({ gradients: { gradient }, finite: true })
    }),
  )
})

test('unscale reads one number from the device, however many gradients there are', () => {
  const gradients = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`w${i}`, tf.tensor1d([i, 1])]))
  const read = vi.spyOn(tf.Tensor.prototype, 'dataSync')
  onTestFinished(() => read.mockRestore())
  expect(unscale(tf, gradients, 2).finite).toBe(true)
  expect(read).toHaveBeenCalledTimes(1)
})

test('unscale takes what tf.variableGrads gives, frozen variables included, and decayGradients takes the result', () => {
  const kernel = tf.variable(tf.tensor2d([[10]]), true, 'unscaled/kernel')
  const frozen = tf.variable(tf.scalar(3), false, 'unscaled/frozen')
  const loss = () => tf.mul(tf.sum(tf.mul(kernel, frozen)), 1024) as tf.Scalar
  const { grads } = tf.variableGrads(loss, [kernel, frozen])
  expect(grads['unscaled/frozen']).toBeNull()
  const { gradients, finite } = unscale(tf, grads, 1024)
  expect(Object.keys(gradients)).toEqual(['unscaled/kernel'])
  expect(finite).toBe(true)
  // 3 + 0.1 · 10
  expect(decayGradients(tf, gradients, [kernel], 0.1)[0]!.tensor).toBeClose([[4]])
  tf.dispose([kernel, frozen])
})

test('unscale comes once, after the last part: the sum of scaled parts is that of the batch, and has the overflow of each', () => {
  const parts = [
    { share: 0.25, gradient: [4, -8] },
    { share: 0.75, gradient: [2 ** -30, 16] },
  ]
  const sumOf = (scale: number, overflow?: number) =>
    parts.reduce<Record<string, tf.Tensor> | undefined>((sum, { share, gradient }, i) => {
      const scaled = gradient.map((value) => (i === overflow ? Number.POSITIVE_INFINITY : value * scale))
      return accumulateGradients(tf, sum, { w: tf.tensor1d(scaled) as tf.Tensor }, share)
    }, undefined)!
  // 0.25 · 4 + 0.75 · 2⁻³⁰, in float32 1, and 0.25 · −8 + 0.75 · 16
  const { gradients, finite } = unscale(tf, sumOf(2 ** 16), 2 ** 16)
  expect([finite, gradients.w!.arraySync()]).toEqual([true, [1, 10]])
  for (const i of parts.keys()) expect(unscale(tf, sumOf(2 ** 16, i), 2 ** 16).finite).toBe(false)
})

test('unscale gives new tensors that the caller owns, and leaves its inputs alone', () => {
  const gradients = { a: tf.tensor2d([[2, 4]]), b: tf.scalar(6) }
  const before = tf.memory().numTensors
  const result = tf.tidy(() => unscale(tf, gradients, 2))
  expect(tf.memory().numTensors).toBe(before + 2)
  expect(gradients.a).toBeClose([[2, 4]])
  tf.dispose(gradients)
  expect(result.gradients.a).toBeClose([[1, 2]])
  expect(result.gradients.b).toBeClose(3)
  tf.dispose(result.gradients)
  expect(tf.memory().numTensors).toBe(before - 2)
})

test('unscale refuses a scale that is not above 0, by value', () => {
  for (const bad of [0, -2, Number.NaN, Number.POSITIVE_INFINITY, '8' as never]) {
    const message = `unscale: scale must be a number above 0, got ${bad}`
    expect(() => unscale(arrays, { w: [1] }, bad)).toThrow(new RangeError(message))
  }
})

test('unscale refuses gradients that hold none', () => {
  const message = 'unscale: gradients must hold one or more, got none'
  expect(() => unscale(arrays, {}, 2)).toThrow(new RangeError(message))
  const frozen = { frozen: null } as unknown as Record<string, number[]>
  expect(() => unscale(arrays, frozen, 2)).toThrow(new RangeError(message))
})

test('unscale keeps the type of the gradients and refuses ops of another tensor type', () => {
  const gradients: Record<string, tf.Tensor2D> = { w: tf.tensor2d([[2]]) }
  const result = unscale(tf, gradients, 2)
  expectTypeOf(result).toEqualTypeOf<{ gradients: Record<string, tf.Tensor2D>; finite: boolean }>()
  expectTypeOf(result.gradients).toExtend<Parameters<tf.Optimizer['applyGradients']>[0]>()
  // @ts-expect-error operations on arrays cannot take tensors
  expect(() => unscale(arrays, gradients, 2)).toThrow()
})
