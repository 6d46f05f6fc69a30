import fc from 'fast-check'
import { expect, expectTypeOf, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/schedules.json'
import { cosine } from './index'

const rates = (schedule: (step: number) => number, count: number) =>
  Array.from({ length: count }, (_, i) => schedule(i))

test('cosine(base, steps) gives base at 0, half of it in the middle, 0 at steps and after', () => {
  const schedule = cosine(0.4, 100)
  expect(schedule(0)).toBe(0.4)
  expect(schedule(50)).toBeClose(0.2, 1e-15)
  expect(schedule(100)).toBe(0)
  expect(schedule(101)).toBe(0)
  expect(schedule(150)).toBe(0)
})

test('cosine(base, steps, { end }) gives exact ends', () => {
  const schedule = cosine(0.3, 7, { end: 0.1 })
  expect(schedule(0)).toBe(0.3)
  expect(schedule(7)).toBe(0.1)
  expect(schedule(8)).toBe(0.1)
})

test('cosine gives the rates of torch’s CosineAnnealingLR and of optax’s cosine_decay_schedule', () => {
  const { base, steps, end, torch, optax } = fixture.cosine
  const schedule = cosine(base, steps, { end })
  expect(rates(schedule, torch.length)).toBeClose(torch, 1e-15)
  expect(rates(schedule, optax.length)).toBeClose(optax, 1e-15)
})

test('cosine takes a single step and steps that are no whole number', () => {
  expect(rates(cosine(0.4, 1), 3)).toEqual([0.4, 0, 0])
  // ½ (1 + cos(π · 0.75 / 1.5)) · 0.4
  expect(cosine(0.4, 1.5)(0.75)).toBeClose(0.2, 1e-15)
})

test('cosine never rises and stays between base and end', () => {
  const rate = fc.double({ min: 0, max: 10, noNaN: true })
  fc.assert(
    fc.property(
      rate,
      rate,
      fc.integer({ min: 1, max: 10_000 }),
      fc.integer({ min: 0, max: 12_000 }),
      (a, b, steps, step) => {
        const [base, end] = a < b ? [b, a] : [a, b]
        const schedule = cosine(base, steps, { end })
        expect(schedule(step)).toBeLessThanOrEqual(base + 1e-12)
        expect(schedule(step)).toBeGreaterThanOrEqual(end - 1e-12)
        expect(schedule(step + 1)).toBeLessThanOrEqual(schedule(step) + 1e-12)
      },
    ),
  )
})

test('cosine loses before the middle what it has left after it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(5000), (steps, step) => {
      fc.pre(step <= steps)
      const schedule = cosine(1, steps)
      expect(schedule(step) + schedule(steps - step)).toBeClose(1, 1e-12)
    }),
  )
})

test('cosine refuses bad arguments when made, by name and value', () => {
  for (const bad of [0, 0.5, -10, Number.NaN, Number.POSITIVE_INFINITY]) {
    const message = `cosine: steps must be a number, 1 or more, got ${bad}`
    expect(() => cosine(0.1, bad)).toThrow(new RangeError(message))
  }
  for (const bad of [-0.1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => cosine(bad, 10)).toThrow(new RangeError(`cosine: base must be a number, 0 or more, got ${bad}`))
  }
  // An end above the base would rise.
  for (const bad of [-0.1, 0.2, Number.NaN, Number.POSITIVE_INFINITY, '0.05' as never]) {
    const message = `cosine: end must be in [0, base] = [0, 0.1], got ${bad}`
    expect(() => cosine(0.1, 10, { end: bad })).toThrow(new RangeError(message))
  }
  expect(cosine(0, 10)(0)).toBe(0)
  expect(cosine(0.1, 10, { end: 0.1 })(5)).toBeClose(0.1, 1e-15)
})

test('cosine(...)(step) refuses a step that is negative or not finite', () => {
  for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    const message = `cosine: step must be a number, 0 or more, got ${bad}`
    expect(() => cosine(0.1, 10)(bad)).toThrow(new RangeError(message))
  }
})

test('cosine gives a plain function of the step', () => {
  expectTypeOf(cosine).returns.toEqualTypeOf<(step: number) => number>()
})
