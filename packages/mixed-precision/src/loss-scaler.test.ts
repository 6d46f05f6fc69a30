import fc from 'fast-check'
import { expect, expectTypeOf, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/mixed-precision.json'
import { type LossScaler, type LossScalerOptions, type LossScalerState, lossScaler } from './index'

/** Makes `steps` updates of one kind; gives how many of them were skipped. */
const repeat = (scaler: LossScaler, finite: boolean, steps: number) =>
  Array.from({ length: steps }, () => scaler.update(finite)).filter(Boolean).length

const replay = (scaler: LossScaler, runs: (number | boolean)[][]) =>
  runs.map(([finite, steps]) => ({ skipped: repeat(scaler, finite as boolean, steps as number), ...scaler.state }))

test('lossScaler() starts at 65,536 and gives the trajectory of torch’s GradScaler', () => {
  const { runs, states } = fixture.standard
  const scaler = lossScaler()
  expect(scaler.state).toEqual({ scale: 65_536, goodSteps: 0 })
  expect(replay(scaler, runs)).toEqual(states)
})

test('lossScaler(options) gives the trajectory of torch’s GradScaler with other factors', () => {
  const { options, runs, states } = fixture.short
  const replayed = replay(lossScaler(options), runs)
  expect(replayed.map(({ skipped, goodSteps }) => [skipped, goodSteps])).toEqual(
    states.map(({ skipped, goodSteps }) => [skipped, goodSteps]),
  )
  // torch keeps its scale in float32.
  replayed.forEach(({ scale }, i) => {
    expect(scale / states[i]!.scale).toBeClose(1, 1e-6)
  })
})

test('update(finite) says whether the step is skipped, and moves scale and state', () => {
  const scaler = lossScaler({ initial: 8, interval: 2 })
  expect(scaler.update(true)).toBe(false)
  expect([scaler.scale, scaler.state]).toEqual([8, { scale: 8, goodSteps: 1 }])
  expect(scaler.update(true)).toBe(false)
  expect([scaler.scale, scaler.state]).toEqual([16, { scale: 16, goodSteps: 0 }])
  expect(scaler.update(false)).toBe(true)
  expect([scaler.scale, scaler.state]).toEqual([8, { scale: 8, goodSteps: 0 }])
})

test('update(false) breaks a row of finite steps', () => {
  const scaler = lossScaler({ initial: 8, interval: 3 })
  repeat(scaler, true, 2)
  scaler.update(false)
  repeat(scaler, true, 2)
  expect(scaler.state).toEqual({ scale: 4, goodSteps: 2 })
  scaler.update(true)
  expect(scaler.state).toEqual({ scale: 8, goodSteps: 0 })
})

test('lossScaler({ min, max }) stops at the floor and at the ceiling, also where a factor leaps over it', () => {
  const scaler = lossScaler({ initial: 8, growth: 10, backoff: 0.3, interval: 2, min: 5, max: 50 })
  expect(repeat(scaler, false, 3)).toBe(3)
  expect(scaler.scale).toBe(5)
  repeat(scaler, true, 2)
  expect(scaler.state).toEqual({ scale: 50, goodSteps: 0 })
  repeat(scaler, true, 2)
  expect(scaler.state).toEqual({ scale: 50, goodSteps: 0 })
})

test('lossScaler() goes down to 1 and up to 2 ** 24', () => {
  const scaler = lossScaler({ interval: 1 })
  repeat(scaler, false, 17)
  expect(scaler.scale).toBe(1)
  repeat(scaler, true, 30)
  expect(scaler.scale).toBe(16_777_216)
})

test('lossScaler({ min }) goes below 1, for losses whose gradients overflow as they are', () => {
  const scaler = lossScaler({ initial: 1, min: 2 ** -3 })
  const scales = [1, 2, 3, 4].map(() => {
    scaler.update(false)
    return scaler.scale
  })
  expect(scales).toEqual([0.5, 0.25, 0.125, 0.125])
  expect(lossScaler({ min: 2 ** -3, state: JSON.parse(JSON.stringify(scaler.state)) }).scale).toBe(0.125)
})

test('lossScaler with min, max and initial in one place has a static scale and still skips', () => {
  const scaler = lossScaler({ initial: 128, min: 128, max: 128, interval: 1 })
  expect([false, true, true, false].map((finite) => scaler.update(finite))).toEqual([true, false, false, true])
  expect(scaler.scale).toBe(128)
})

test('lossScaler({ state }) goes on from a state that went through JSON as if never stopped', () => {
  const finite = fc.array(fc.boolean(), { maxLength: 60 })
  fc.assert(
    fc.property(finite, finite, fc.integer({ min: 1, max: 5 }), (before, after, interval) => {
      const whole = lossScaler({ interval })
      before.forEach((step) => void whole.update(step))
      const resumed = lossScaler({ interval, state: JSON.parse(JSON.stringify(whole.state)) })
      for (const step of after) {
        expect(resumed.scale).toBe(whole.scale)
        expect(resumed.update(step)).toBe(whole.update(step))
      }
      expect(resumed.state).toEqual(whole.state)
    }),
  )
})

test('lossScaler({ state }) with a shorter interval than the row so far grows at the next finite step', () => {
  const scaler = lossScaler({ interval: 10, state: { scale: 4, goodSteps: 500 } })
  scaler.update(true)
  expect(scaler.state).toEqual({ scale: 8, goodSteps: 0 })
})

test('lossScaler({ state }) goes on from the floor and from the ceiling', () => {
  for (const scale of [1, 2 ** 24]) expect(lossScaler({ state: { scale, goodSteps: 0 } }).scale).toBe(scale)
})

test('lossScaler({ state }) does not look at initial, given or not', () => {
  const state = { scale: 512, goodSteps: 3 }
  expect(lossScaler({ max: 1024, state }).state).toEqual(state)
  expect(lossScaler({ min: 2, max: 1024, initial: 1, state }).state).toEqual(state)
})

test('lossScaler({ min, max }) starts at 65,536, or at the bound that it lies beyond', () => {
  expect(lossScaler({ max: 1024 }).state).toEqual({ scale: 1024, goodSteps: 0 })
  expect(lossScaler({ min: 2 ** 17 }).state).toEqual({ scale: 131_072, goodSteps: 0 })
  expect(lossScaler({ min: 128, max: 128 }).scale).toBe(128)
  expect(lossScaler({ min: 2 ** 16, max: 2 ** 16 }).scale).toBe(65_536)
  expect(() => lossScaler({ max: 1024, initial: 2 ** 16 })).toThrow(
    new RangeError('lossScaler: initial must be in [min, max] = [1, 1024], got 65536'),
  )
})

test('state is a copy: a later update leaves it as it was', () => {
  const scaler = lossScaler()
  const { state } = scaler
  scaler.update(false)
  expect(state).toEqual({ scale: 65_536, goodSteps: 0 })
})

test('the scale stays between min and max, falls only by a skip and rises only after interval finite steps', () => {
  const options = fc.record({
    growth: fc.double({ min: 1.01, max: 1e6, noNaN: true }),
    backoff: fc.double({ min: 1e-6, max: 0.99, noNaN: true }),
    interval: fc.integer({ min: 1, max: 10 }),
  })
  fc.assert(
    fc.property(options, fc.array(fc.boolean(), { maxLength: 200 }), (given, steps) => {
      const scaler = lossScaler(given)
      let row = 0
      for (const finite of steps) {
        const before = scaler.scale
        expect(scaler.update(finite)).toBe(!finite)
        row = finite ? row + 1 : 0
        expect(scaler.scale).toBeGreaterThanOrEqual(1)
        expect(scaler.scale).toBeLessThanOrEqual(2 ** 24)
        if (scaler.scale < before) expect(finite).toBe(false)
        if (scaler.scale > before) expect(row % given.interval).toBe(0)
      }
    }),
  )
})

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number

test.each<[keyof LossScalerOptions, string, unknown[]]>([
  ['min', 'a number above 0', [0, -1, nan, infinity, '1', null]],
  ['max', 'a number, min or more', [0.5, -1, nan, infinity, '2']],
  ['initial', 'in [min, max] = [1, 16777216]', [0, 0.5, 2 ** 25, -8, nan, infinity, '8']],
  ['growth', 'a number above 1', [1, 0.5, 0, -2, nan, infinity, '2']],
  ['backoff', 'between 0 and 1', [0, 1, 2, -0.5, nan, '0.5']],
  ['interval', 'a positive whole number', [0, -1, 1.5, nan, infinity, '2000']],
])('lossScaler({ %s }) refuses what is not %s, by name and value', (name, expected, values) => {
  for (const value of values) {
    const message = `lossScaler: ${name} must be ${expected}, got ${value}`
    expect(() => lossScaler({ [name]: value })).toThrow(new RangeError(message))
  }
})

test('lossScaler({ state }) refuses a state that it cannot go on from, by name and value', () => {
  for (const bad of [null, 'saved', 65_536]) {
    const message = `lossScaler: state must be { scale, goodSteps }, got ${bad}`
    expect(() => lossScaler({ state: bad as never })).toThrow(new TypeError(message))
  }
  for (const bad of [0.5, 2 ** 25, nan, undefined, '8']) {
    const message = `lossScaler: state.scale must be in [min, max] = [1, 16777216], got ${bad}`
    const state = { scale: bad, goodSteps: 0 } as LossScalerState
    expect(() => lossScaler({ state })).toThrow(new RangeError(message))
  }
  for (const bad of [-1, 0.5, nan, infinity, undefined, '3']) {
    const message = `lossScaler: state.goodSteps must be a whole number, 0 or more, got ${bad}`
    const state = { scale: 8, goodSteps: bad } as LossScalerState
    expect(() => lossScaler({ state })).toThrow(new RangeError(message))
  }
})

test('update(finite) refuses anything but true and false and changes nothing then', () => {
  const scaler = lossScaler()
  for (const bad of [1, 0, undefined, nan, [true]]) {
    const message = `lossScaler: update takes true or false, whether all gradients were finite, got ${bad}`
    expect(() => scaler.update(bad as never)).toThrow(new TypeError(message))
  }
  expect(scaler.state).toEqual({ scale: 65_536, goodSteps: 0 })
})

test('lossScaler gives a scale that cannot be set from outside', () => {
  const scaler = lossScaler()
  expect(() => Object.assign(scaler, { scale: 1 })).toThrow(TypeError)
  expectTypeOf(scaler).toEqualTypeOf<LossScaler>()
  expectTypeOf(scaler.state).toEqualTypeOf<LossScalerState>()
})
