import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scaleLearningRate } from './index'

test('scaleLearningRate(0.1, 1024) gives 0.4, the paper’s rate for 8 GPUs with 128 images each', () => {
  // 0.1 · 1024 / 256
  expect(scaleLearningRate(0.1, 1024)).toBeClose(0.4, 1e-15)
  expect(scaleLearningRate(0.1, 128, { replicas: 8 })).toBeClose(0.4, 1e-15)
})

test('scaleLearningRate(rate, per) gives rate', () => {
  expect(scaleLearningRate(0.1, 256)).toBe(0.1)
  expect(scaleLearningRate(0.3, 48, { per: 48, rule: 'sqrt' })).toBe(0.3)
})

test('scaleLearningRate counts replicas and accumulation as a larger batch', () => {
  // 0.05 · 32 · 4 · 8 / 128
  expect(scaleLearningRate(0.05, 32, { per: 128, replicas: 4, accumulation: 8 })).toBeClose(0.4, 1e-15)
  // 0.001 · √(16 · 3 · 12 / 64) = 0.001 · 3
  const options = { per: 64, rule: 'sqrt', replicas: 3, accumulation: 12 } as const
  expect(scaleLearningRate(0.001, 16, options)).toBeClose(0.003, 1e-15)
})

test('scaleLearningRate grows with the batch, or with its root', () => {
  const count = fc.integer({ min: 1, max: 4096 })
  fc.assert(
    fc.property(count, count, (batchSize, times) => {
      const small = scaleLearningRate(0.1, batchSize)
      expect(scaleLearningRate(0.1, batchSize * times) / small).toBeClose(times, times * 1e-12)
      const root = scaleLearningRate(0.1, batchSize, { rule: 'sqrt' })
      expect((scaleLearningRate(0.1, batchSize * times, { rule: 'sqrt' }) / root) ** 2).toBeClose(times, times * 1e-12)
    }),
  )
})

test('scaleLearningRate takes a batch of one and refuses what is no rate or count, by name and value', () => {
  expect(scaleLearningRate(0.256, 1, { replicas: 1, accumulation: 1 })).toBeClose(0.001, 1e-15)
  for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    const positive = `must be a positive number, got ${bad}`
    expect(() => scaleLearningRate(bad, 256)).toThrow(new RangeError(`scaleLearningRate: rate ${positive}`))
    expect(() => scaleLearningRate(0.1, 256, { per: bad })).toThrow(`scaleLearningRate: per ${positive}`)
  }
  for (const bad of [0, -8, 2.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    const count = `must be a positive whole number, got ${bad}`
    expect(() => scaleLearningRate(0.1, bad)).toThrow(new RangeError(`scaleLearningRate: batchSize ${count}`))
    expect(() => scaleLearningRate(0.1, 8, { replicas: bad })).toThrow(`scaleLearningRate: replicas ${count}`)
    expect(() => scaleLearningRate(0.1, 8, { accumulation: bad })).toThrow(`scaleLearningRate: accumulation ${count}`)
  }
})

test('scaleLearningRate refuses an unknown rule', () => {
  const message = "scaleLearningRate: rule must be 'linear' or 'sqrt', got log"
  // @ts-expect-error not a rule
  expect(() => scaleLearningRate(0.1, 8, { rule: 'log' })).toThrow(new RangeError(message))
})
