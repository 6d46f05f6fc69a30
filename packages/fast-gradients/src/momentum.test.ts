import { setLearningRate } from '@bag-of-tricks/lr-callback'
import * as tf from '@tensorflow/tfjs-node'
import { afterEach, describe, expect, test } from 'vitest'
import { momentum as runs } from '../../../tools/oracles/fixtures/fast-gradients.json'
import { disableFastGradients, type MomentumOptions, momentum } from './index'
import { enable, relativeError, type Way, ways } from './testing/stock'

afterEach(() => disableFastGradients(tf))

/** Without enableFastGradients `momentum` works too, on stock updates. */
const allWays: (readonly [string, Way | undefined])[] = [...ways, ['stock updates', undefined]]
type Gradients = { name: string; tensor: tf.Tensor }[]

const variables = (...values: (number | number[])[]) => values.map((value) => tf.variable(tf.tensor(value)))
const gradients = (of: tf.Variable[], ...values: (number | number[] | null)[]) =>
  of.map(({ name }, i) => ({ name, tensor: values[i] == null ? null : tf.tensor(values[i]) })) as Gradients
const values = (tensors: tf.Tensor[]) => tensors.map((tensor) => [...tensor.dataSync()])

describe.each(allWays)('%s', (_, way) => {
  const make = (options: Partial<MomentumOptions> = {}) => {
    if (way) enable(way)
    return momentum(tf, { rate: 0.1, ...options })
  }

  test.each(runs)('momentum(tf, options) descends as torch.optim.SGD: nesterov $nesterov, decay $decay', (run) => {
    const { nesterov, decay, shapes, weights64ths, steps } = run
    const tensors = (lists: number[][]) => lists.map((list, i) => tf.div(tf.tensor(list, shapes[i]), 64))
    const weights = tensors(weights64ths).map((tensor) => tf.variable(tensor))
    const optimizer = make({ momentum: run.momentum, nesterov, decay, when: ({ shape }) => shape.length === 2 })
    for (const [i, step] of steps.entries()) {
      // Either way of changing the rate.
      if (i % 2) setLearningRate(optimizer, step.rate)
      else optimizer.setLearningRate(step.rate)
      const given = tensors(step.gradients64ths)
      optimizer.applyGradients(weights.map(({ name }, j) => ({ name, tensor: given[j]! })))
      weights.forEach((weight, j) => {
        expect(weight.shape).toEqual(shapes[j])
        expect(relativeError(weight.dataSync(), step.weights[j]!)).toBeLessThan(1e-6)
      })
    }
    expect(optimizer.iterations).toBe(steps.length)
  })

  test('momentum(tf, options) goes on to the bit from weights that getWeights gave', async () => {
    const run = async (save: boolean) => {
      const [w] = variables([1, 2, 3])
      let optimizer = make({ decay: 0.01 })
      for (let i = 0; i < 6; i++) {
        if (save && i === 3) {
          const state = await optimizer.getWeights()
          optimizer = make({ decay: 0.01 })
          await optimizer.setWeights(state)
        }
        optimizer.applyGradients(gradients([w!], [Math.sin(i), Math.cos(i), 1 / (i + 1)]))
      }
      return { weights: values([w!]), iterations: optimizer.iterations }
    }
    expect(await run(true)).toEqual(await run(false))
  })

  test('momentum(tf, options) does not move a weight without a gradient, nor its velocity', () => {
    const weights = variables(1, 1, 1)
    const optimizer = make({ nesterov: false, decay: 0.5 })
    optimizer.applyGradients(gradients(weights, 1, null, 2))
    // 1 − 0.1 · (1 + 0.5), 1 − 0.1 · (2 + 0.5)
    expect(values(weights).flat()).toBeClose([0.85, 1, 0.75])
    optimizer.applyGradients(gradients(weights, null, 1, null))
    expect(values(weights).flat()).toBeClose([0.85, 0.85, 0.75])
    optimizer.applyGradients(gradients(weights, 0, null, null))
    // v = 0.9 · 1.5 + 0.5 · 0.85 = 1.775
    expect(values(weights).flat()).toBeClose([0.6725, 0.85, 0.75])
    optimizer.applyGradients(gradients(weights, null, null, null))
    expect(values(weights).flat()).toBeClose([0.6725, 0.85, 0.75])
  })

  test('momentum(tf, options) leaves alone what was taken from a weight before, in JavaScript and in TensorFlow', () => {
    const array = new Float32Array(64).fill(1)
    const w = tf.variable(tf.tensor2d(array, [8, 8]))
    const optimizer = make()
    const expected: [tf.Tensor, number][] = []
    for (let i = 0; i < 3; i++) {
      const now = w.dataSync()[0]!
      const other = tf.variable(w)
      expected.push([tf.clone(w), now], [tf.reshape(w, [64]), now], [other, now], [tf.slice(w, [0, 0], [2, 8]), now])
      optimizer.applyGradients([{ name: w.name, tensor: tf.ones([8, 8]) }])
      expect(w.dataSync()[0]).toBeLessThan(now)
    }
    for (const [tensor, value] of expected) expect(tensor.dataSync()[0]).toBe(value)
    expect(array.every((value) => value === 1)).toBe(true)
  })

  test('momentum(tf, options) leaves velocities alone that were read out, and those of another optimizer', async () => {
    const [a, b] = variables([1, 1], [1, 1])
    const [first, second] = [make(), make()]
    first.applyGradients(gradients([a!], [1, 2]))
    const [, velocity] = await first.getWeights()
    const taken = tf.clone(velocity!.tensor)
    await second.setWeights(await first.getWeights())
    first.applyGradients(gradients([a!], [1, 2]))
    first.applyGradients(gradients([a!], [1, 2]))
    expect(taken).toBeClose([1, 2])
    second.applyGradients(gradients([b!], [0, 0]))
    // v = 0.9 · [1, 2], w = 1 − 0.1 · 0.9 · v
    expect(b!).toBeClose([0.919, 0.838])
  })

  test('momentum(tf, options) trains a model by compile and fit as stock momentum does', async () => {
    const fit = async (optimizer: tf.Optimizer) => {
      const seed = (n: number) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed: n }) })
      const model = tf.sequential({
        layers: [
          tf.layers.dense({ units: 8, inputShape: [4], activation: 'relu', ...seed(1) }),
          tf.layers.dense({ units: 1, ...seed(2) }),
        ],
      })
      model.compile({ optimizer, loss: 'meanSquaredError' })
      const x = tf.randomNormal([32, 4], 0, 1, 'float32', 3)
      const y = tf.sum(x, 1, true)
      const { history } = await model.fit(x, y, { epochs: 5, batchSize: 8, shuffle: false, verbose: 0 })
      return history.loss as number[]
    }
    disableFastGradients(tf)
    const stock = await fit(tf.train.momentum(0.02, 0.9, true))
    const losses = await fit(make({ rate: 0.02 }))
    expect(losses).toBeClose(stock, 1e-5)
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2)
  })

  test('momentum(tf, options) finds velocities by the place of a gradient in its list, as stock does', () => {
    const steps = (optimizer: tf.Optimizer) => {
      const [a, b] = variables([1, 2], [3, 4])
      const named = { [a!.name]: tf.tensor1d([1, 1]), [b!.name]: tf.tensor1d([2, 2]) }
      optimizer.applyGradients(named)
      optimizer.applyGradients(gradients([a!, b!], [0, 1], [1, 0]))
      optimizer.applyGradients(gradients([b!, a!], [0, 1], [1, 0]))
      return values([a!, b!])
    }
    disableFastGradients(tf)
    const stock = steps(tf.train.momentum(0.1, 0.9, true))
    expect(steps(make())).toBeClose(stock)
  })

  test('momentum(tf, options) leaves no tensor but one velocity for each weight', () => {
    const backend = tf.backend() as unknown as { getNumOfTFTensors(): number }
    const weights = variables([1, 2], 3)
    const optimizer = make({ decay: 0.1 })
    const step = () => tf.tidy(() => optimizer.applyGradients(gradients(weights, [1, 1], 2)))
    const before = tf.memory().numTensors
    step()
    expect(tf.memory().numTensors - before).toBe(2)
    values(weights)
    const after = [tf.memory().numTensors, backend.getNumOfTFTensors()]
    for (let i = 0; i < 5; i++) step()
    expect([tf.memory().numTensors, backend.getNumOfTFTensors()]).toEqual(after)
  })
})

test.each(ways)('enableFastGradients(tf) moves tf.train.momentum to the same weights as before: %s', (_, way) => {
  const steps = (nesterov: boolean) => {
    const [w] = variables([1, -2, 3])
    const optimizer = tf.train.momentum(0.1, 0.9, nesterov)
    for (let i = 0; i < 10; i++) {
      setLearningRate(optimizer, 0.1 / (i + 1))
      optimizer.minimize(() => tf.sum(tf.square(w!)), false, [w!])
    }
    return values([w!]).flat()
  }
  for (const nesterov of [true, false]) {
    disableFastGradients(tf)
    const stock = steps(nesterov)
    enable(way)
    expect(steps(nesterov)).toBeClose(stock, 1e-6)
  }
})

test('enableFastGradients(tf) and disableFastGradients(tf) leave the decay of an optimizer made before as it is', () => {
  const [w] = variables(1)
  const optimizer = momentum(tf, { rate: 0.1, momentum: 0, decay: 1 })
  for (const change of [
    () => enable({ fusedOps: true }),
    () => enable({ fusedOps: false }),
    () => disableFastGradients(tf),
  ]) {
    change()
    optimizer.applyGradients(gradients([w!], 0))
  }
  // 0.9 of it is left after each step.
  expect(w!.dataSync()[0]).toBeClose(0.9 ** 3)
})

test.each([
  [{ rate: -1 }, 'rate must be a number not below 0, got -1'],
  [{ rate: Number.NaN }, 'rate must be a number not below 0, got NaN'],
  [{ rate: 1, momentum: 1 }, 'momentum must be in [0, 1), got 1'],
  [{ rate: 1, decay: -0.1 }, 'decay must be a number not below 0, got -0.1'],
])('momentum(tf, %j) throws', (options, message) => {
  expect(() => momentum(tf, options)).toThrow(new RangeError(`momentum: ${message}`))
})
