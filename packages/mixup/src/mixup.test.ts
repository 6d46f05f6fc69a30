import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/mixup.json'
import { type MixupOps, mixup } from './index'

beforeAll(() => tf.setBackend('cpu'))

/** Numerical Recipes' linear congruential generator: seeded uniform numbers in [0, 1). */
function randomLcg(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const arrays: MixupOps<number[][]> = {
  mul: (x, factor) => x.map((row) => row.map((value) => value * factor)),
  add: (x, y) => x.map((row, i) => row.map((value, j) => value + y[i]![j]!)),
  gather: (x, rows) => rows.map((row) => x[row]!),
}

const drawLambda = (alpha: number, random: () => number) => mixup(arrays, [[0]], [[0]], { alpha, random }).lambda

describe('with lambda and permutation given', () => {
  test('mixup weighs the original example by lambda and its partner by the rest', () => {
    const options = { lambda: 0.75, permutation: [1, 2, 0] }
    const result = mixup(
      arrays,
      [[0], [10], [100]],
      [
        [1, 0],
        [0, 1],
        [1, 0],
      ],
      options,
    )
    // 0.75 · 0 + 0.25 · 10, 0.75 · 10 + 0.25 · 100, 0.75 · 100 + 0.25 · 0
    expect(result.images).toEqual([[2.5], [32.5], [75]])
    expect(result.labels).toEqual([
      [0.75, 0.25],
      [0.25, 0.75],
      [1, 0],
    ])
    expect(result).toMatchObject(options)
  })

  test('mixup gives timm’s batch', () => {
    const { classes, lambda, permutation, images, labels, mixedImages, mixedLabels } = fixture
    const oneHot = tf.oneHot(labels, classes) as tf.Tensor2D
    const mixed = mixup(tf, tf.tensor4d(images), oneHot, { lambda, permutation })
    expect(mixed.images).toBeClose(mixedImages, 1e-6)
    expect(mixed.labels).toBeClose(mixedLabels, 1e-6)
  })

  test('mixup with lambda 1 changes nothing, with lambda 0 gives the partners', () => {
    const x = [
      [1, 2],
      [3, 4],
      [5, 6],
    ]
    expect(mixup(arrays, x, x, { lambda: 1 }).images).toEqual(x)
    expect(mixup(arrays, x, x, { lambda: 0, permutation: [2, 0, 1] }).images).toEqual([
      [5, 6],
      [1, 2],
      [3, 4],
    ])
  })

  test('mixup leaves a batch of one as it is', () => {
    const { images, labels, permutation } = mixup(tf, tf.tensor2d([[3, 5]]), tf.tensor2d([[0, 1]]), { lambda: 0.3 })
    expect(images).toBeClose([[3, 5]])
    expect(labels).toBeClose([[0, 1]])
    expect(permutation).toEqual([0])
  })

  test('mixup with 1 - lambda and the inverse permutation gives the same rows, in the partners’ places', () => {
    const rows = fc.integer({ min: 1, max: 9 }).chain((size) =>
      fc.record({
        values: fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: size, maxLength: size }),
        permutation: fc.shuffledSubarray(
          Array.from({ length: size }, (_, i) => i),
          { minLength: size },
        ),
      }),
    )
    fc.assert(
      fc.property(rows, fc.double({ min: 0, max: 1, noNaN: true }), ({ values, permutation }, lambda) => {
        const x = values.map((value) => [value])
        const inverse = permutation.map((_, i) => permutation.indexOf(i))
        const one = mixup(arrays, x, x, { lambda, permutation }).images
        const other = mixup(arrays, x, x, { lambda: 1 - lambda, permutation: inverse }).images
        expect(permutation.map((partner) => other[partner]!)).toBeClose(one, 1e-12)
      }),
    )
  })
})

describe('with draws', () => {
  test('mixup draws lambda from Beta(alpha, alpha): mean 1/2, variance 1/(8·alpha + 4)', () => {
    for (const alpha of [0.2, 1, 3]) {
      const random = randomLcg(1)
      const draws = Array.from({ length: 20_000 }, () => drawLambda(alpha, random))
      const mean = draws.reduce((sum, x) => sum + x) / draws.length
      const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length
      // The mean's standard error is below 0.003, the variance's below 0.001.
      expect(mean).toBeClose(0.5, 0.01)
      expect(variance).toBeClose(1 / (8 * alpha + 4), 0.004)
    }
  })

  test.each([
    // Arcsine law, uniform law, and 3x² − 2x³.
    [0.5, (x: number) => (2 / Math.PI) * Math.asin(Math.sqrt(x))],
    [1, (x: number) => x],
    [2, (x: number) => 3 * x ** 2 - 2 * x ** 3],
  ])('mixup draws lambda by the distribution of Beta(alpha, alpha) for alpha %d', (alpha, distribution) => {
    const random = randomLcg(7)
    const draws = Array.from({ length: 200_000 }, () => drawLambda(alpha, random)).sort((a, b) => a - b)
    const distance = draws.reduce((most, x, i) => {
      return Math.max(most, Math.abs(distribution(x) - (i + 0.5) / draws.length))
    }, 0)
    // Kolmogorov and Smirnov: beyond 1.95/√200,000 = 0.0044 once in a thousand seeds.
    expect(distance).toBeLessThan(0.0044)
  })

  test('mixup refuses a random that is none, by what it gave', () => {
    expect(() => drawLambda(0.2, () => 2)).toThrow('random must give numbers in [0, 1), got 2')
    expect(() => drawLambda(0.2, () => -0.1)).toThrow('random must give numbers in [0, 1), got -0.1')
    expect(() => drawLambda(0.2, () => Number.NaN)).toThrow('random must give numbers in [0, 1), got NaN')
    for (const bad of [1, -0.1, Number.NaN]) {
      const shuffle = () => mixup(arrays, [[1], [2]], [[1], [2]], { lambda: 0.5, random: () => bad })
      expect(shuffle).toThrow(new RangeError(`mixup: random must give numbers in [0, 1), got ${bad}`))
    }
    // A constant either lets a draw succeed or is refused; it never hangs.
    for (const value of [0, 0.1, 0.25, 0.5, 0.9, 0.999]) {
      try {
        expect(drawLambda(0.2, () => value)).toBe(0.5)
      } catch (error) {
        expect(String(error)).toContain('got a source that lets no draw succeed')
      }
    }
  })

  test('mixup has alpha 0.2 where none is given', () => {
    const lambda = mixup(arrays, [[0]], [[0]], { random: randomLcg(5) }).lambda
    expect(lambda).toBe(drawLambda(0.2, randomLcg(5)))
    expect(lambda).not.toBe(drawLambda(0.3, randomLcg(5)))
  })

  test('mixup with alpha 0 changes nothing', () => {
    const x = [[1], [2], [3]]
    const result = mixup(arrays, x, x, { alpha: 0 })
    expect(result.images).toEqual(x)
    expect(result.lambda).toBe(1)
  })

  test('mixup with a tiny alpha gives a weight, never NaN', () => {
    const random = randomLcg(2)
    for (const alpha of [Number.MIN_VALUE, 1e-300, 1e-8, 1e-3]) {
      for (let i = 0; i < 200; i++) {
        const lambda = drawLambda(alpha, random)
        expect(lambda).toBeGreaterThanOrEqual(0)
        expect(lambda).toBeLessThanOrEqual(1)
      }
    }
  })

  test('mixup draws each of the 6 orders of 3 examples as often', () => {
    const random = randomLcg(3)
    const counts = new Map<string, number>()
    const x = [[0], [0], [0]]
    for (let i = 0; i < 6000; i++) {
      const order = mixup(arrays, x, x, { lambda: 1, random }).permutation.join()
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    // Standard deviation of a count: √(6000 · 1/6 · 5/6) = 29.
    for (const count of counts.values()) expect(count).toBeClose(1000, 120)
  })

  test('mixup repeats itself for the same random numbers, draws lambda first, and reports what it drew', () => {
    const x = Array.from({ length: 7 }, (_, i) => [i])
    const first = mixup(arrays, x, x, { random: randomLcg(4) })
    expect(mixup(arrays, x, x, { random: randomLcg(4) })).toEqual(first)
    expect(mixup(arrays, x, x, { random: randomLcg(5) }).lambda).not.toBe(first.lambda)
    expect(drawLambda(0.2, randomLcg(4))).toBe(first.lambda)
    expect([...first.permutation].sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
    const { lambda, permutation } = first
    expect(mixup(arrays, x, x, { lambda, permutation })).toEqual(first)
  })

  test('mixup uses Math.random where no source is given', () => {
    const lambdas = Array.from({ length: 20 }, () => mixup(arrays, [[0]], [[0]]).lambda)
    expect(new Set(lambdas).size).toBeGreaterThan(1)
  })
})

test('mixup keeps the ranks of tensors in types and values', () => {
  const { images, labels } = mixup(tf, tf.ones([2, 4, 4, 3]) as tf.Tensor4D, tf.ones([2, 10]) as tf.Tensor2D)
  expectTypeOf(images).toEqualTypeOf<tf.Tensor4D>()
  expectTypeOf(labels).toEqualTypeOf<tf.Tensor2D>()
  expect([images.shape, labels.shape]).toEqual([
    [2, 4, 4, 3],
    [2, 10],
  ])
})

test('mixup turns whole-number images into float32', () => {
  const pixels = tf.tensor2d([[0], [255]], undefined, 'int32')
  const { images } = mixup(tf, pixels, tf.ones([2, 1]), { lambda: 0.25, permutation: [1, 0] })
  // 0.75 · 255 and 0.25 · 255
  expect(images).toBeClose([[191.25], [63.75]])
})

test('mixup leaves its inputs alone and only its two results behind inside tf.tidy', () => {
  const x = tf.tensor2d([[1], [2]])
  const y = tf.tensor2d([
    [1, 0],
    [0, 1],
  ])
  const permutation = Object.freeze([1, 0])
  const before = tf.memory().numTensors
  const { images, labels } = tf.tidy(() => {
    const { images, labels } = mixup(tf, x, y, { permutation })
    return { images, labels }
  })
  expect(tf.memory().numTensors).toBe(before + 2)
  tf.dispose([images, labels])
  expect(x).toBeClose([[1], [2]])
  expect(y).toBeClose([
    [1, 0],
    [0, 1],
  ])
})

test('mixup gives a copy of the permutation', () => {
  const permutation = [1, 0]
  expect(mixup(arrays, [[1], [2]], [[1], [2]], { permutation }).permutation).not.toBe(permutation)
})

test('mixup refuses bad arguments, by name and value', () => {
  const x = [[1], [2], [3]]
  const labels = 'mixup: labels must be as many as the 3 images, got 2'
  expect(() => mixup(arrays, x, [[1], [2]])).toThrow(new RangeError(labels))
  expect(() => mixup(tf, tf.ones([3, 2]), tf.ones([2, 3]))).toThrow(new RangeError(labels))
  const none = 'mixup: images must be one or more along the first axis, got 0'
  const empty: number[][] = []
  expect(() => mixup(arrays, empty, empty)).toThrow(new RangeError(none))
  expect(() => mixup(tf, tf.zeros([0, 2]), tf.zeros([0, 2]))).toThrow(new RangeError(none))
  expect(() => mixup(tf, tf.scalar(1), tf.scalar(1))).toThrow(new RangeError(none))
  for (const bad of [-0.1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => mixup(arrays, x, x, { alpha: bad })).toThrow(
      new RangeError(`mixup: alpha must be 0 or more, got ${bad}`),
    )
  }
  for (const bad of [-0.1, 1.1, Number.NaN]) {
    const message = `mixup: lambda must be in [0, 1], got ${bad}`
    expect(() => mixup(arrays, x, x, { lambda: bad })).toThrow(new RangeError(message))
  }
  for (const bad of [
    [0, 1],
    [0, 1, 1],
    [1, 2, 3],
    [0, 1, 2, 3],
  ]) {
    const message = `mixup: permutation must hold each of 0 to 2 once, got [${bad}]`
    expect(() => mixup(arrays, x, x, { permutation: bad })).toThrow(new RangeError(message))
  }
})

test('mixup refuses ops of another tensor type', () => {
  // @ts-expect-error operations on arrays cannot mix tensors
  expect(() => mixup(arrays, tf.ones([2, 2]), tf.ones([2, 2]))).toThrow()
})
