import fc from 'fast-check'
import { expect, expectTypeOf, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/schedules.json'
import { stepDecay } from './index'

const rates = (schedule: (step: number) => number, count: number) =>
  Array.from({ length: count }, (_, i) => schedule(i))

test('stepDecay(0.1, [30, 60, 90]) divides by 10 at each milestone, as the paper does by epochs', () => {
  const schedule = stepDecay(0.1, [30, 60, 90])
  const expected = [0.1, 0.1, 0.01, 0.01, 0.001, 0.001, 0.0001, 0.0001]
  expect([0, 29, 30, 59, 60, 89, 90, 119].map(schedule)).toBeClose(expected, 1e-15)
})

test('stepDecay gives the rates of torch’s MultiStepLR', () => {
  const { base, milestones, factor, torch } = fixture.stepDecay
  expect(rates(stepDecay(base, milestones, { factor }), torch.length)).toBeClose(torch, 1e-15)
})

test('stepDecay(base, []) and factor 1 hold base', () => {
  expect(rates(stepDecay(0.3, []), 3)).toEqual([0.3, 0.3, 0.3])
  expect(rates(stepDecay(0.3, [1], { factor: 1 }), 3)).toEqual([0.3, 0.3, 0.3])
})

test('stepDecay takes a milestone at step 0, and milestones and steps that are no whole numbers', () => {
  expect(stepDecay(1, [0.5], { factor: 0.5 })(0.5)).toBe(0.5)
  expect(stepDecay(0.5, [0], { factor: 0.5 })(0)).toBe(0.25)
  expect(rates(stepDecay(1, [0.5, 1.5], { factor: 0.5 }), 3)).toEqual([1, 0.5, 0.25])
})

test('stepDecay counts a milestone that stands there twice twice, as torch does: epochs may be rounded to one step', () => {
  const { milestones, torch } = fixture.stepDecayTwice
  expect(rates(stepDecay(1, milestones), torch.length)).toBeClose(torch, 1e-15)
})

test('stepDecay only falls, and only at milestones', () => {
  const steps = fc.uniqueArray(fc.nat(100), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(
      steps,
      fc.integer({ min: 1, max: 100 }),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      (list, step, factor) => {
        const schedule = stepDecay(
          1,
          [...list].sort((a, b) => a - b),
          { factor },
        )
        expect(schedule(step) / schedule(step - 1)).toBeClose(list.includes(step) ? factor : 1, 1e-12)
      },
    ),
  )
})

test('stepDecay keeps its own copy of the milestones', () => {
  const milestones = [1]
  const schedule = stepDecay(1, milestones)
  milestones[0] = 5
  expect(schedule(1)).toBe(0.1)
})

test('stepDecay refuses bad arguments when made, by name and value', () => {
  for (const bad of [-0.1, Number.NaN, Number.POSITIVE_INFINITY]) {
    const message = `stepDecay: base must be a number, 0 or more, got ${bad}`
    expect(() => stepDecay(bad, [1])).toThrow(new RangeError(message))
  }
  for (const bad of [[2, 1], [-1], [-0.5], [Number.NaN], [1, Number.POSITIVE_INFINITY]]) {
    const message = `stepDecay: milestones must not fall, from 0 or more, got [${bad.join(', ')}]`
    expect(() => stepDecay(0.1, bad)).toThrow(new RangeError(message))
  }
  // @ts-expect-error not a list
  const single = () => stepDecay(0.1, 30)
  expect(single).toThrow(new TypeError('stepDecay: milestones must be an array of steps, got 30'))
  for (const bad of [0, -0.5, 1.5, Number.NaN, '0.5' as never]) {
    const message = `stepDecay: factor must be above 0 and at most 1, got ${bad}`
    expect(() => stepDecay(0.1, [1], { factor: bad })).toThrow(new RangeError(message))
  }
  expect(stepDecay(0, [1])(0)).toBe(0)
})

test('stepDecay(...)(step) refuses a step that is negative or not finite', () => {
  for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    const message = `stepDecay: step must be a number, 0 or more, got ${bad}`
    expect(() => stepDecay(0.1, [1])(bad)).toThrow(new RangeError(message))
  }
})

test('stepDecay gives a plain function of the step', () => {
  expectTypeOf(stepDecay).returns.toEqualTypeOf<(step: number) => number>()
})
