import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/model-ema.json'
import { type AverageOps, averageWeights, emaDecay } from './index'

beforeAll(() => tf.setBackend('cpu'))

const arrays: AverageOps<number[]> = {
  add: (x, y) => x.map((value, i) => value + y[i]!),
  sub: (x, y) => x.map((value, i) => value - y[i]!),
  mul: (x, factor) => x.map((value) => value * factor),
}
const unit = () => fc.double({ min: 0, max: 1, noNaN: true })
const number = () => fc.double({ min: -1e6, max: 1e6, noNaN: true })

describe('emaDecay', () => {
  test('emaDecay(step) is (1 + step) / (10 + step) until it reaches decay', () => {
    expect([0, 1, 8, 90].map((step) => emaDecay(step))).toBeClose([0.1, 2 / 11, 0.5, 0.91], 1e-12)
    // (1 + n) / (10 + n) = 0.9998 at n = 44,990.
    expect(emaDecay(44_989)).toBeLessThan(0.9998)
    expect(emaDecay(44_990)).toBe(0.9998)
    expect(emaDecay(10 ** 9)).toBe(0.9998)
    // 0.99 = 891 / 900, and 890 / 899 before it.
    expect([889, 890, 891].map((step) => emaDecay(step, { decay: 0.99 }))).toEqual([890 / 899, 0.99, 0.99])
  })

  test('emaDecay(step, { warmup: false }) is decay at every step', () => {
    expect(emaDecay(0, { warmup: false })).toBe(0.9998)
    expect(emaDecay(0, { decay: 0.5, warmup: false })).toBe(0.5)
    expect(emaDecay(100, { decay: 0, warmup: true })).toBe(0)
  })

  test('emaDecay never falls from step to step, and stays below decay', () => {
    fc.assert(
      fc.property(fc.nat(1e6), unit(), fc.boolean(), (step, decay, warmup) => {
        const [now, next] = [emaDecay(step, { decay, warmup }), emaDecay(step + 1, { decay, warmup })]
        expect(now).toBeLessThanOrEqual(next)
        expect(next).toBeLessThanOrEqual(decay)
      }),
    )
  })

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('emaDecay refuses step %d', (step) => {
    expect(() => emaDecay(step)).toThrow(
      new RangeError(`emaDecay: step must be a whole number, 0 or more, got ${step}`),
    )
  })

  test.each([-0.1, 1.1, Number.NaN, '0.5' as never])('emaDecay and averageWeights refuse decay %s', (decay) => {
    expect(() => emaDecay(0, { decay })).toThrow(new RangeError(`emaDecay: decay must be in [0, 1], got ${decay}`))
    const message = `averageWeights: decay must be in [0, 1], got ${decay}`
    expect(() => averageWeights(arrays, [[1]], [[2]], decay)).toThrow(new RangeError(message))
  })
})

describe('averageWeights', () => {
  test('averageWeights gives the averages of torch and timm over six steps, statistics of batch norm too', () => {
    const { decay, names, start, steps } = fixture
    type Weights = Record<string, number[] | number[][]>
    const inOrder = (weights: Weights) => names.map((name) => tf.tensor(weights[name]!))
    let averages = inOrder(start)
    expect(names).toContain('1.running_var')
    for (const { weights, torch, timm } of steps) {
      averages = averageWeights(tf, averages, inOrder(weights), decay)
      for (const [i, name] of names.entries()) {
        expect(averages[i]).toBeClose((torch as Weights)[name]!, 1e-6)
        expect(averages[i]).toBeClose((timm as Weights)[name]!, 1e-6)
      }
    }
  })

  test('averageWeights keeps share decay of the average', () => {
    // 0.75 · 0 + 0.25 · 1 and 0.75 · 4
    expect(averageWeights(arrays, [[0, 4], [2]], [[1, 0], [2]], 0.75)).toEqual([[0.25, 3], [2]])
    expect(averageWeights(arrays, [[3]], [[7]], 0)).toEqual([[7]])
    expect(averageWeights(arrays, [[3]], [[7]], 1)).toEqual([[3]])
    expect(averageWeights<number[]>(arrays, [], [], 0.5)).toEqual([])
  })

  test('averageWeights leaves an average as it is to the bit where the weight stands still', () => {
    fc.assert(
      fc.property(fc.array(number()), unit(), (weight, decay) => {
        expect(averageWeights(arrays, [weight], [[...weight]], decay)[0]).toBeClose(weight, 0)
      }),
    )
  })

  test('averageWeights stays between average and weight', () => {
    fc.assert(
      fc.property(number(), number(), unit(), (average, weight, decay) => {
        const moved = averageWeights(arrays, [[average]], [[weight]], decay)[0]![0]
        const slack = 1e-9 * (1 + Math.abs(average) + Math.abs(weight))
        expect(moved).toBeGreaterThanOrEqual(Math.min(average, weight) - slack)
        expect(moved).toBeLessThanOrEqual(Math.max(average, weight) + slack)
      }),
    )
  })

  /** Share of the average that is of the first tenth of a run, where one update of `every` is averaged. */
  const shareOfFirstTenth = (updates: number, every: number, stepOf: (update: number) => number, decay: number) => {
    let averages = [[1]]
    for (let update = 0; update < updates; update += every) {
      const weight = update < updates / 10 ? 1 : 0
      averages = averageWeights(arrays, averages, [[weight]], emaDecay(stepOf(update), { decay }))
    }
    return averages[0]![0]!
  }

  test('averageWeights by emaDecay forgets the first tenth of a run, also where every 32nd update is averaged', () => {
    // torchvision's for a batch of 1,024 and 600 epochs: 1 − (1 − 0.99998) · 1024 · 32 / 600.
    const decay = 0.998907733
    // The product of (1 + n) / (10 + n) from n = 10 to 99: 19! / (9! 10!) = 92,378 by 109! / (9! 100!) = 4,263,421,511,271.
    expect(shareOfFirstTenth(3200, 32, (update) => update / 32, decay) / 2.16675743e-8).toBeClose(1, 1e-6)
    expect(shareOfFirstTenth(100, 1, (update) => update, 0.9998) / 2.16675743e-8).toBeClose(1, 1e-6)
    // By updates it would stay.
    expect(shareOfFirstTenth(3200, 32, (update) => update, decay)).toBeGreaterThan(0.5)
  })

  test('averages of a model’s weights are evaluated by setWeights, and resumed from their step', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [2], units: 2, kernelInitializer: 'ones' }),
        tf.layers.batchNormalization(),
      ],
    })
    const train = (value: number) => model.setWeights(model.getWeights().map((weight) => tf.fill(weight.shape, value)))
    const run = (from: number, averages: tf.Tensor[], values: number[]) =>
      values.reduce<tf.Tensor[]>((moved, value, i) => {
        train(value)
        return averageWeights(tf, moved, model.getWeights(), emaDecay(from + i))
      }, averages)
    const start = model.getWeights().map((weight) => tf.clone(weight))
    const whole = run(0, start, [1, 2, 3, 4])
    const resumed = run(2, run(0, start, [1, 2]), [3, 4])
    expect(resumed.map((x) => x.arraySync())).toEqual(whole.map((x) => x.arraySync()))
    model.setWeights(whole)
    // The kernel, 1 at first: 1, then by 2/11, 3/12 and 4/13: 2 − 2/11, 3 − 3/12 · (1 + 2/11), 4 − 4/13 · (1 + 3/12 · (1 + 2/11))
    expect(model.getWeights()[0]).toBeClose(
      [
        [3.6013986, 3.6013986],
        [3.6013986, 3.6013986],
      ],
      1e-6,
    )
  })

  test('averageWeights leaves its arguments alone and gives tensors of its own', () => {
    const [average, weight] = [tf.tensor1d([1]), tf.tensor1d([2])]
    const before = tf.memory().numTensors
    const result = tf.tidy(() => averageWeights(tf, [average], [weight], 1))
    expect(tf.memory().numTensors).toBe(before + 1)
    tf.dispose([average, weight])
    expect(result[0]).toBeClose([1])
    tf.dispose(result)
    expect(tf.memory().numTensors).toBe(before - 2)
  })

  test('averageWeights refuses weights of another number or shape', () => {
    expect(() => averageWeights(arrays, [[1], [2]], [[1]], 0.5)).toThrow(
      new RangeError('averageWeights: weights must be as many as the 2 averages, got 1'),
    )
    const [averages, weights] = [
      [tf.zeros([2]), tf.zeros([2, 3])],
      [tf.zeros([2]), tf.zeros([3])],
    ]
    expect(() => averageWeights(tf, averages, weights, 0.5)).toThrow(
      new RangeError('averageWeights: weights[1] must have the shape of its average, [2,3], got [3]'),
    )
  })

  test('averageWeights keeps the type of the tensors and asks for its ops', () => {
    const pair = [tf.zeros([1, 1]) as tf.Tensor2D]
    expectTypeOf(averageWeights(tf, pair, pair, 0)).toEqualTypeOf<tf.Tensor2D[]>()
    expectTypeOf(averageWeights<number[]>)
      .parameter(0)
      .toEqualTypeOf<AverageOps<number[]>>()
    // @ts-expect-error: ops without sub
    expectTypeOf(averageWeights<number[]>).toBeCallableWith({ add: arrays.add, mul: arrays.mul }, [[1]], [[1]], 0)
    // @ts-expect-error: ops of another library
    expectTypeOf(averageWeights<tf.Tensor>).toBeCallableWith(arrays, [], [], 0)
  })
})
