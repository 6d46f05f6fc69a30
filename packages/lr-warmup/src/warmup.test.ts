import { cosine } from '@bag-of-tricks/cosine-schedule'
import { stepDecay } from '@bag-of-tricks/step-schedule'
import fc from 'fast-check'
import { describe, expect, expectTypeOf, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/schedules.json'
import { warmup } from './index'

const rates = (schedule: (step: number) => number, count: number) =>
  Array.from({ length: count }, (_, i) => schedule(i))

test('warmup(m, schedule) gives η/m at step 0, η at step m - 1 and at step m', () => {
  const schedule = warmup(5, (step) => 0.4 - step / 100)
  expect(schedule(0)).toBeClose(0.08, 1e-15)
  expect(schedule(4)).toBe(0.4)
  expect(schedule(5)).toBe(0.4)
  expect(schedule(6)).toBe(0.39)
})

test('warmup gives the rates of torch’s LinearLR, from 0 and from a floor', () => {
  const { warmup: fromZero, warmupFrom } = fixture
  expect(
    rates(
      warmup(fromZero.steps, () => fromZero.base),
      5,
    ),
  ).toBeClose(fromZero.torch, 1e-15)
  const floored = warmup(warmupFrom.steps, () => warmupFrom.base, { from: warmupFrom.from })
  expect(rates(floored, 5)).toBeClose(warmupFrom.torch, 1e-15)
})

test('warmup hands the schedule its own step, counted from the end of the ramp', () => {
  const seen: number[] = []
  const schedule = warmup(3, (step) => {
    seen.push(step)
    return 1
  })
  rates(schedule, 6)
  expect(seen).toEqual([0, 0, 1, 2])
})

test('warmup(0, schedule) is the schedule', () => {
  expect(
    rates(
      warmup(0, (step) => 1 / (1 + step)),
      3,
    ),
  ).toEqual([1, 0.5, 1 / 3])
})

test('warmup holds η between the last step of the ramp and the first of the schedule', () => {
  expect(warmup(4, () => 0.4)(3.5)).toBe(0.4)
})

test('warmup rises without a jump, by one notch a step, also where steps are fractions', () => {
  const rate = fc.double({ min: 0, max: 10, noNaN: true })
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      rate,
      rate,
      fc.double({ min: 0, max: 999, noNaN: true }),
      (m, a, b, at) => {
        const [from, peak] = a < b ? [a, b] : [b, a]
        const schedule = warmup(m, () => peak, { from })
        const rise = schedule(at + 1) - schedule(at)
        expect(rise).toBeGreaterThanOrEqual(-1e-12)
        expect(rise).toBeLessThanOrEqual((peak - from) / m + 1e-12)
        expect(schedule(at)).toBeLessThanOrEqual(peak + 1e-12)
      },
    ),
  )
})

describe('with the other schedules', () => {
  const counts = fc.integer({ min: 1, max: 500 })
  const three = fc.tuple(...[1, 2, 3].map(() => fc.double({ min: 0, max: 10, noNaN: true })))
  const sorted = (values: number[]) => values.toSorted((a, b) => a - b) as [number, number, number]

  test('warmup and cosine: bounded, no jump where they join, never rising after it', () => {
    fc.assert(
      fc.property(counts, counts, three, fc.double({ min: 0, max: 1200, noNaN: true }), (m, steps, values, at) => {
        const [end, from, base] = sorted(values)
        const schedule = warmup(m, cosine(base, steps, { end }), { from })
        for (const join of [m - 1, m - 0.5, m - 1e-9, m]) expect(schedule(join)).toBeClose(base, 1e-9)
        // A cosine is steepest in its middle: π/2 of its mean slope.
        const steepest = Math.max((base - from) / m, ((Math.PI / 2) * (base - end)) / steps)
        expect(Math.abs(schedule(at + 1) - schedule(at))).toBeLessThanOrEqual(steepest + 1e-9)
        expect(schedule(at)).toBeGreaterThanOrEqual(end - 1e-9)
        expect(schedule(at)).toBeLessThanOrEqual(base + 1e-9)
        if (at >= m) expect(schedule(at + 1)).toBeLessThanOrEqual(schedule(at) + 1e-9)
      }),
    )
  })

  test('warmup and stepDecay: bounded, no jump where they join, afterwards falling at milestones only', () => {
    const milestones = fc.uniqueArray(fc.integer({ min: 1, max: 600 }), { maxLength: 5 })
    fc.assert(
      fc.property(counts, milestones, three, fc.nat(1200), (m, list, values, at) => {
        const [, from, base] = sorted(values)
        const schedule = warmup(m, stepDecay(base, sorted(list), { factor: 0.5 }), { from })
        expect(schedule(m - 1)).toBeClose(base, 1e-9)
        expect(schedule(m)).toBe(base)
        expect(schedule(at)).toBeGreaterThanOrEqual(Math.min(from, base * 0.5 ** list.length) - 1e-9)
        expect(schedule(at)).toBeLessThanOrEqual(base + 1e-9)
        if (at < m) return
        const expected = list.includes(at + 1 - m) ? schedule(at) / 2 : schedule(at)
        expect(schedule(at + 1)).toBeClose(expected, 1e-9)
      }),
    )
  })
})

test('warmup refuses bad arguments when made, by name and value', () => {
  for (const bad of [-1, 2.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    const message = `warmup: steps must be a whole number, 0 or more, got ${bad}`
    expect(() => warmup(bad, () => 1)).toThrow(new RangeError(message))
  }
  for (const bad of [-0.1, Number.NaN, Number.POSITIVE_INFINITY]) {
    const message = `warmup: schedule(0) must be a number, 0 or more, got ${bad}`
    expect(() => warmup(5, () => bad)).toThrow(new RangeError(message))
  }
  // From above the peak the ramp would fall.
  for (const bad of [-0.1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '0.1' as never]) {
    const message = `warmup: from must be in [0, schedule(0)] = [0, 0.4], got ${bad}`
    expect(() => warmup(5, () => 0.4, { from: bad })).toThrow(new RangeError(message))
  }
  expect(warmup(5, () => 0.4, { from: 0.4 })(2)).toBeClose(0.4, 1e-15)
  // @ts-expect-error not a schedule
  expect(() => warmup(5, 0.1)).toThrow(new TypeError('warmup: schedule must be a function of the step, got 0.1'))
})

test('warmup(...)(step) refuses a step that is negative or not finite', () => {
  for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    const message = `warmup: step must be a number, 0 or more, got ${bad}`
    expect(() => warmup(5, () => 1)(bad)).toThrow(new RangeError(message))
  }
})

test('warmup takes and gives a plain function of the step', () => {
  expectTypeOf(warmup).returns.toEqualTypeOf<(step: number) => number>()
})
