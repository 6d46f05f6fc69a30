import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/label-smoothing.json'
import { type SmoothingOps, smoothing, smoothLabels } from './index'

beforeAll(() => tf.setBackend('cpu'))

const arrays: SmoothingOps<number[][]> = {
  mul: (x, factor) => x.map((row) => row.map((value) => value * factor)),
  add: (x, term) => x.map((row) => row.map((value) => value + term)),
}
const { classes, epsilon, labels, logits } = fixture
const oneHot: number[][] = labels.map((label) => Array.from({ length: classes }, (_, k) => (k === label ? 1 : 0)))

describe('smoothLabels', () => {
  test('smoothLabels(ops, oneHot, 5) gives 0.9 to the true class and 0.1 / 4 to each other, as the paper writes it', () => {
    const expected = [[0.025, 0.025, 0.9, 0.025, 0.025]]
    expect(smoothLabels(tf, tf.oneHot([2], 5), 5)).toBeClose(expected, 1e-7)
    expect(smoothLabels(arrays, [[0, 0, 1, 0, 0]], 5)).toBeClose(expected, 1e-15)
  })

  test('smoothLabels(..., { spread: "all" }) gives optax’s labels', () => {
    const options = { epsilon, spread: 'all' } as const
    expect(smoothLabels(tf, tf.tensor2d(oneHot), classes, options)).toBeClose(fixture.optax, 1e-7)
    expect(smoothLabels(arrays, oneHot, classes, options)).toBeClose(fixture.optax, 1e-15)
  })

  test('smoothLabels(..., { spread: "all" }) gives the losses of torch and timm', () => {
    const soft = smoothLabels(tf, tf.tensor2d(oneHot), classes, { epsilon, spread: 'all' })
    const losses = tf.neg(tf.sum(tf.mul(soft, tf.logSoftmax(tf.tensor2d(logits))), -1))
    expect(losses).toBeClose(fixture.torchLosses, 2e-6)
    expect(tf.mean(losses)).toBeClose(fixture.timmMeanLoss, 2e-6)
  })

  test('smoothLabels with epsilon 0 changes nothing, with epsilon 1 and "all" gives 1/K everywhere', () => {
    expect(smoothLabels(arrays, oneHot, classes, { epsilon: 0 })).toEqual(oneHot)
    expect(smoothLabels(arrays, [[1, 0, 0, 0]], 4, { epsilon: 1, spread: 'all' })).toEqual([[0.25, 0.25, 0.25, 0.25]])
  })

  test('smoothLabels keeps the sum of each row, also of mixed labels', () => {
    const spread = fc.constantFrom('others' as const, 'all' as const)
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 50 }), share, share, spread, (k, epsilon, lambda, spread) => {
        const mixed = Array.from({ length: k }, (_, i) => (i === 0 ? lambda : i === 1 ? 1 - lambda : 0))
        const row = smoothLabels(arrays, [mixed], k, { epsilon, spread })[0]!
        expect(row.reduce((sum, value) => sum + value)).toBeClose(1, 1e-12)
        expect(Math.min(...row)).toBeGreaterThanOrEqual(-1e-12)
      }),
    )
  })

  test('smoothLabels keeps the rank in types and values', () => {
    const pixels = tf.oneHot(tf.tensor3d([[[0], [1]]], undefined, 'int32').as2D(1, 2), 3) as tf.Tensor3D
    const soft = smoothLabels(tf, pixels, 3, { epsilon: 0.2 })
    expectTypeOf(soft).toEqualTypeOf<tf.Tensor3D>()
    expect(soft).toBeClose(
      [
        [
          [0.8, 0.1, 0.1],
          [0.1, 0.8, 0.1],
        ],
      ],
      1e-7,
    )
    expect(soft.dtype).toBe('float32')
    expectTypeOf(smoothLabels(tf, tf.tensor2d(oneHot), classes)).toEqualTypeOf<tf.Tensor2D>()
    expectTypeOf(smoothLabels(arrays, oneHot, classes)).toEqualTypeOf<number[][]>()
  })

  test('smoothLabels leaves its input alone and nothing behind inside tf.tidy', () => {
    const input = tf.tensor2d(oneHot)
    const before = tf.memory().numTensors
    const soft = tf.tidy(() => smoothLabels(tf, input, classes))
    expect(tf.memory().numTensors).toBe(before + 1)
    soft.dispose()
    expect(input).toBeClose(oneHot)
    const frozen = [Object.freeze([1, 0])] as number[][]
    expect(smoothLabels(arrays, frozen, 2)).toBeClose([[0.9, 0.1]], 1e-15)
  })

  test('smoothLabels refuses labels whose last axis is not classes', () => {
    const message = 'smoothLabels: oneHot must have 5 entries on its last axis, got shape [5,2]'
    expect(() => smoothLabels(tf, tf.ones([5, 2]), 5)).toThrow(new RangeError(message))
  })

  test('smoothLabels refuses ops of another tensor type', () => {
    // @ts-expect-error operations on arrays cannot smooth a tensor
    expect(() => smoothLabels(arrays, tf.ones([1, 2]), 2)).toThrow()
    // @ts-expect-error add is missing
    expect(() => smoothLabels({ mul: arrays.mul }, [[1, 0]], 2)).toThrow()
  })
})

describe('smoothing', () => {
  test('smoothing(classes) gives the two values that tf.oneHot takes', () => {
    const { on, off } = smoothing(5)
    expect(tf.oneHot([2], 5, on, off, 'float32')).toBeClose([[0.025, 0.025, 0.9, 0.025, 0.025]], 1e-7)
    // ε/K = 0.2 / 4, and 1 - 0.2 + 0.05
    expect(Object.values(smoothing(4, { epsilon: 0.2, spread: 'all' }))).toBeClose([0.85, 0.05], 1e-15)
    expect(Object.keys(smoothing(4))).toEqual(['on', 'off'])
  })

  test('smoothing gives class numbers the labels that smoothLabels gives their one-hot rows, at every rank', () => {
    const shape = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 })
    const spread = fc.constantFrom('others' as const, 'all' as const)
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(shape, fc.integer({ min: 2, max: 12 }), share, spread, (shape, classes, epsilon, spread) => {
        tf.tidy(() => {
          const numbers = tf.range(0, tf.util.sizeFromShape(shape), 1, 'int32')
          const labels = tf.reshape(tf.mod(numbers, tf.scalar(classes, 'int32')), shape)
          const { on, off } = smoothing(classes, { epsilon, spread })
          const smoothed = smoothLabels(tf, tf.oneHot(labels, classes), classes, { epsilon, spread })
          expect(smoothed.shape).toEqual([...shape, classes])
          expect(tf.oneHot(labels, classes, on, off, 'float32')).toBeClose(smoothed)
          expect(tf.sum(smoothed, -1)).toBeClose(tf.ones(shape))
        })
      }),
      { numRuns: 50 },
    )
  })

  test('smoothing takes two classes and every epsilon in [0, 1]', () => {
    expect(smoothing(2, { epsilon: 0 })).toEqual({ on: 1, off: 0 })
    expect(smoothing(2, { epsilon: 1 })).toEqual({ on: 0, off: 1 })
  })

  test('smoothing refuses bad arguments, by name and value', () => {
    for (const bad of [1, 0, 2.5, Number.NaN]) {
      const message = `smoothing: classes must be a whole number, 2 or more, got ${bad}`
      expect(() => smoothing(bad)).toThrow(new RangeError(message))
    }
    for (const bad of [-0.1, 1.1, Number.NaN, '0.1' as never]) {
      const message = `smoothing: epsilon must be in [0, 1], got ${bad}`
      expect(() => smoothing(10, { epsilon: bad })).toThrow(new RangeError(message))
      expect(() => smoothLabels(arrays, [[1, 0]], 2, { epsilon: bad })).toThrow(new RangeError(message))
    }
    const message = "smoothing: spread must be 'others' or 'all', got some"
    // @ts-expect-error not a spread
    expect(() => smoothing(10, { spread: 'some' })).toThrow(new RangeError(message))
  })
})
