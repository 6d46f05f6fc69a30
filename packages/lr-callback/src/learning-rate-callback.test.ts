import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import { learningRateCallback, setLearningRate } from './index'

beforeAll(() => tf.setBackend('cpu'))

const optimizers: [string, () => tf.Optimizer][] = [
  ['sgd', () => tf.train.sgd(5)],
  ['momentum', () => tf.train.momentum(5, 0.9)],
  ['adam', () => tf.train.adam(5)],
  ['adamax', () => tf.train.adamax(5)],
  ['rmsprop', () => tf.train.rmsprop(5)],
  ['adagrad', () => tf.train.adagrad(5)],
  ['adadelta', () => tf.train.adadelta(5)],
]

/** How far one update on gradient 1 moves a weight. */
function stepLength(optimizer: tf.Optimizer): number {
  const weight = tf.variable(tf.scalar(0))
  optimizer.applyGradients([{ name: weight.name, tensor: tf.scalar(1) }])
  return -weight.arraySync()
}

describe('setLearningRate', () => {
  test.each(optimizers)('setLearningRate(tf.train.%s(5), rate) sets the rate of the next update', (_, make) => {
    const changed = make()
    setLearningRate(changed, 2.5)
    const full = stepLength(make())
    expect(full).toBeGreaterThan(0)
    // A first update is proportional to the rate in each of them.
    expect(stepLength(changed) / full).toBeClose(0.5, 1e-6)
    setLearningRate(changed, 0)
    expect(stepLength(changed)).toBeClose(0)
  })

  test.each(optimizers)('setLearningRate changes the rate of a tf.train.%s in the middle of a run', (_, make) => {
    const lengths = (rates: number[]) => {
      const optimizer = make()
      const weight = tf.variable(tf.scalar(0))
      return rates.map((rate) => {
        const before = weight.arraySync() as number
        setLearningRate(optimizer, rate)
        optimizer.applyGradients([{ name: weight.name, tensor: tf.scalar(1) }])
        return before - (weight.arraySync() as number)
      })
    }
    const full = lengths([5, 5, 5, 5])
    expect(Math.min(...full)).toBeGreaterThan(0)
    // What they gather from step to step, momentum and moments, does not hold the rate.
    const expected = [1, 0.5, 0, 1].map((share, i) => share * full[i]!)
    expect(lengths([5, 2.5, 0, 5])).toBeClose(expected, 1e-5 * Math.max(...full))
  })

  test('setLearningRate keeps no tensor, inside tf.tidy or not', () => {
    const optimizer = tf.train.momentum(0.1, 0.9)
    const before = tf.memory().numTensors
    setLearningRate(optimizer, 0.2)
    tf.tidy(() => setLearningRate(optimizer, 0.3))
    expect(tf.memory().numTensors).toBe(before)
    expect(stepLength(optimizer)).toBeClose(0.3)
  })

  test('setLearningRate prefers the method to the field', () => {
    const rates: number[] = []
    const optimizer = { learningRate: 1, setLearningRate: (rate: number) => rates.push(rate), applyGradients() {} }
    setLearningRate(optimizer, 0.5)
    expect(rates).toEqual([0.5])
    expect(optimizer.learningRate).toBe(1)
  })

  test('setLearningRate refuses a rate that is negative or not finite', () => {
    for (const bad of [-0.1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const message = `setLearningRate: rate must be a number, 0 or more, got ${bad}`
      expect(() => setLearningRate(tf.train.sgd(1), bad)).toThrow(new RangeError(message))
    }
  })

  test('setLearningRate refuses what is no optimizer', () => {
    const message = 'setLearningRate: optimizer must have a learning rate to set, got'
    expect(() => setLearningRate({ applyGradients() {} }, 0.1)).toThrow(new TypeError(`${message} an object of Object`))
    // @ts-expect-error a model
    expect(() => setLearningRate(tf.sequential(), 0.1)).toThrow(new TypeError(`${message} an object of Sequential`))
    // @ts-expect-error compile takes names, this does not
    expect(() => setLearningRate('sgd', 0.1)).toThrow(new TypeError(`${message} sgd`))
    // @ts-expect-error no optimizer
    expect(() => setLearningRate(undefined, 0.1)).toThrow(new TypeError(`${message} undefined`))
    // @ts-expect-error no optimizer
    expect(() => setLearningRate(null, 0.1)).toThrow(new TypeError(`${message} null`))
    const bare = Object.assign(Object.create(null), { applyGradients() {} })
    expect(() => setLearningRate(bare, 0.1)).toThrow(new TypeError(`${message} an object of undefined`))
  })
})

describe('learningRateCallback', () => {
  /** Trains for two epochs of three batches, and gives the rates that were in force. */
  async function ratesOfFit(optimizer: tf.Optimizer, options?: { firstStep: number }): Promise<number[]> {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] })
    model.compile({ optimizer, loss: 'meanSquaredError' })
    const used: number[] = []
    const callback = learningRateCallback(optimizer, (step) => 0.1 / 2 ** step, options)
    const record = { onBatchEnd: () => void used.push(optimizer.getConfig().learningRate as number) }
    const data = tf.ones([3, 1])
    await model.fit(data, data, { epochs: 2, batchSize: 1, verbose: 0, callbacks: [callback, record] })
    return used
  }

  test.each(optimizers)(
    'model.fit with a tf.train.%s takes schedule(0), schedule(1), … across epochs',
    async (_, make) => {
      expect(await ratesOfFit(make())).toBeClose([0.1, 0.05, 0.025, 0.0125, 0.00625, 0.003125], 1e-12)
    },
  )

  // TensorFlow.js cannot save an adamax.
  test.each(optimizers.filter(([name]) => name !== 'adamax'))(
    'learningRateCallback goes on with a tf.train.%s restored from its weights',
    async (_, make) => {
      const [saved, restored] = [make(), make()]
      await ratesOfFit(saved)
      await restored.setWeights(await saved.getWeights())
      // After six updates.
      expect((await ratesOfFit(restored)).slice(0, 2)).toBeClose([0.1 / 64, 0.1 / 128], 1e-12)
    },
  )

  test('learningRateCallback(optimizer, schedule, { firstStep }) goes on from an earlier run', async () => {
    const rates = await ratesOfFit(tf.train.sgd(9), { firstStep: 2 })
    expect(rates.slice(0, 2)).toBeClose([0.025, 0.0125], 1e-12)
  })

  test('learningRateCallback goes on with an optimizer that has made updates', async () => {
    const optimizer = tf.train.sgd(0)
    stepLength(optimizer)
    const rates = await ratesOfFit(optimizer)
    expect(rates.slice(0, 2)).toBeClose([0.05, 0.025], 1e-12)
  })

  test('learningRateCallback fits the callbacks of model.fit', () => {
    expectTypeOf(learningRateCallback).returns.toExtend<tf.CustomCallbackArgs>()
    expectTypeOf(tf.train.adam()).toExtend<Parameters<typeof learningRateCallback>[0]>()
  })

  test('learningRateCallback refuses bad arguments when made, by name and value', () => {
    const optimizer = tf.train.sgd(1)
    for (const bad of [-1, 0.5, Number.NaN]) {
      const message = `learningRateCallback: firstStep must be a whole number, 0 or more, got ${bad}`
      expect(() => learningRateCallback(optimizer, () => 1, { firstStep: bad })).toThrow(new RangeError(message))
    }
    // @ts-expect-error a rate is no schedule
    const rate = () => learningRateCallback(optimizer, 0.1)
    expect(rate).toThrow(new TypeError('learningRateCallback: schedule must be a function of the step, got 0.1'))
    const message = 'learningRateCallback: optimizer must count its iterations, got'
    // @ts-expect-error no iterations
    const bare = () => learningRateCallback({ applyGradients() {} }, () => 1)
    expect(bare).toThrow(new TypeError(`${message} an object of Object`))
    // @ts-expect-error no optimizer
    expect(() => learningRateCallback(undefined, () => 1)).toThrow(new TypeError(`${message} undefined`))
  })
})
