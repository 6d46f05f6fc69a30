import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/no-bias-decay.json'
import { type DecayOps, decayGradients, decays, decayWeights } from './index'

beforeAll(() => tf.setBackend('cpu'))

const arrays: DecayOps<number[]> = {
  mul: (x, factor) => x.map((value) => value * factor),
  add: (x, y) => x.map((value, i) => value + y[i]!),
  clone: (x) => [...x],
}
const named = (name: string, shape: number[], values: number[]) => Object.assign(values, { name, shape })

describe('decays', () => {
  test('decays is true for kernels of convolutions and dense layers', () => {
    expect(decays({ name: 'conv1/kernel', shape: [7, 7, 3, 64] })).toBe(true)
    expect(decays({ name: 'layer1_0_conv1/kernel_1', shape: [1, 1, 64, 64] })).toBe(true)
    expect(decays({ name: 'fc.weight', shape: [1000, 2048] })).toBe(true)
    expect(decays({ name: 'gamma_net/kernel', shape: [8, 8] })).toBe(true)
    expect(decays({ name: 'alpha/kernel', shape: [8, 8] })).toBe(true)
  })

  test('decays is true for kernels with one input or one output', () => {
    for (const shape of [
      [2048, 1],
      [1, 10],
      [1, 1, 1, 64],
      [1, 1, 64, 1],
      [1, 1, 1, 1],
    ]) {
      expect(decays({ name: 'head/kernel', shape })).toBe(true)
    }
  })

  test('decays is false for the slopes of PReLU, as for timm, where they are of rank 1', () => {
    const layers = [
      tf.layers.conv2d({ inputShape: [8, 8, 3], filters: 4, kernelSize: 3, useBias: false }),
      tf.layers.prelu({ sharedAxes: [1, 2] } as Parameters<typeof tf.layers.prelu>[0]),
      tf.layers.prelu({ name: 'unshared' }),
    ]
    const weights = tf.sequential({ layers }).trainableWeights
    const shapes = weights.map(({ shape }) => shape as number[])
    expect(shapes).toEqual([
      [3, 3, 3, 4],
      [1, 1, 4],
      [6, 6, 4],
    ])
    expect(weights.map(({ name }, i) => decays({ name, shape: shapes[i]! }))).toEqual([true, false, false])
  })

  test('decays is false for rank 1 and below, whatever the name', () => {
    expect(decays({ name: 'layer1.0.bn1.weight', shape: [64] })).toBe(false)
    expect(decays({ name: 'temperature', shape: [] })).toBe(false)
  })

  test('decays is false for names that end in bias, gamma, beta or alpha, whatever the shape', () => {
    for (const name of [
      'conv/bias',
      'fc.bias',
      'bias',
      'bn/gamma',
      'bn/beta',
      'bn/gamma_1',
      'bn/beta_12',
      'fc/bias_3',
      'p_re_lu_PReLU1/alpha',
      'prelu/alpha_2',
    ]) {
      expect(decays({ name, shape: [1, 1, 1, 64] })).toBe(false)
    }
  })
})

describe('decayGradients', () => {
  test('decayGradients adds rate · w to the gradients of kernels only', () => {
    const variables = [named('fc/kernel', [1, 2], [10, -20]), named('fc/bias', [2], [10, -20])]
    const gradients = { 'fc/kernel': [1, 2], 'fc/bias': [3, 4] }
    // 1 + 0.01 · 10 and 2 - 0.01 · 20
    expect(decayGradients(arrays, gradients, variables, 0.01)).toEqual([
      { name: 'fc/kernel', tensor: [1.1, 1.8] },
      { name: 'fc/bias', tensor: [3, 4] },
    ])
  })

  test('decayGradients keeps the order of variables, also where names look like numbers', () => {
    const variables = ['b', '7', 'a', '1'].map((name) => named(name, [1], [0]))
    const gradients = { 1: [1], 7: [7], a: [2], b: [3] }
    const result = decayGradients(arrays, gradients, variables, 0.1)
    expect(result.map(({ name, tensor }) => [name, tensor[0]])).toEqual([
      ['b', 3],
      ['7', 7],
      ['a', 2],
      ['1', 1],
    ])
  })

  test('decayGradients with rate 0 changes no value', () => {
    const variables = [named('k', [1, 1], [10])]
    expect(decayGradients(arrays, { k: [3] }, variables, 0)[0]!.tensor).toEqual([3])
  })

  test('decayGradients(..., { when }) asks with each variable', () => {
    const variables = [named('embedding', [1, 1], [10]), named('fc/bias', [1], [10])]
    const gradients = { embedding: [1], 'fc/bias': [1] }
    const when = ({ name, shape }: { name: string; shape: readonly number[] }) =>
      name !== 'embedding' && shape.length === 1
    const result = decayGradients(arrays, gradients, variables, 0.5, { when })
    expect(result.map(({ tensor }) => tensor)).toEqual([[1], [6]])
  })

  test('decayGradients with tf.train.momentum gives five steps of torch’s SGD with parameter groups', () => {
    const { lr, momentum, weight_decay, states } = fixture.sgd
    expect(states).toHaveLength(5)
    const [variables, loss] = regression()
    const optimizer = tf.train.momentum(lr, momentum, true)
    for (const { weight, bias } of states) {
      const { grads } = tf.variableGrads(loss, variables)
      optimizer.applyGradients(decayGradients(tf, grads, variables, weight_decay))
      expect(variables[0]).toBeClose(weight, 2e-6)
      expect(variables[1]).toBeClose(bias, 2e-6)
    }
    tf.dispose(variables)
  })

  test('decayGradients gives new tensors that the caller owns, and leaves its inputs alone', () => {
    const [variables, loss] = regression()
    const { grads, value } = tf.variableGrads(loss, variables)
    const start = variables.map((variable) => variable.arraySync())
    const before = tf.memory().numTensors
    const result = tf.tidy(() => decayGradients(tf, grads, variables, 0.1))
    expect(tf.memory().numTensors).toBe(before + 2)
    tf.dispose([grads, value])
    for (const { tensor } of result) expect(tensor.arraySync()).toBeDefined()
    expect(variables.map((variable) => variable.arraySync())).toEqual(start)
    tf.dispose([result.map(({ tensor }) => tensor), variables])
  })

  test('decayGradients throws for a variable without a gradient, by name', () => {
    const variables = [named('a', [1], [0]), named('conv/kernel', [1], [0])]
    const message = "decayGradients: gradients must hold every variable's, got none for conv/kernel"
    expect(() => decayGradients(arrays, { a: [1] }, variables, 0.1)).toThrow(new RangeError(message))
  })

  test('decayGradients refuses a gradient of another shape, by name and shapes', () => {
    const variables = [named('fc/bias', [2], [0, 0]), named('fc/kernel', [1, 2], [0, 0])]
    const gradients = { 'fc/bias': [1, 1], 'fc/kernel': named('', [2, 1], [1, 1]) }
    const message = 'decayGradients: the gradient of fc/kernel must have its shape, [1,2], got [2,1]'
    expect(() => decayGradients(arrays, gradients, variables, 0.1)).toThrow(new RangeError(message))
  })

  test('decayGradients refuses a rate that is negative or not finite', () => {
    for (const bad of [-1e-4, Number.NaN, Number.POSITIVE_INFINITY]) {
      const message = `decayGradients: rate must be a number, 0 or more, got ${bad}`
      expect(() => decayGradients(arrays, {}, [], bad)).toThrow(new RangeError(message))
    }
  })

  test('decayGradients gives what applyGradients takes and refuses ops of another tensor type', () => {
    const [variables, loss] = regression()
    const { grads } = tf.variableGrads(loss, variables)
    const result = decayGradients(tf, grads, variables, 0.1)
    expectTypeOf(result).toEqualTypeOf<{ name: string; tensor: tf.Tensor }[]>()
    expectTypeOf(result).toExtend<Parameters<tf.Optimizer['applyGradients']>[0]>()
    // @ts-expect-error operations on arrays cannot take tensors
    expect(() => decayGradients(arrays, grads, variables, 0.1)).toThrow()
    tf.dispose(variables)
  })
})

describe('decayWeights', () => {
  test('decayWeights gives w - rate · w for kernels and the same values for the rest', () => {
    const variables = [named('fc/kernel', [1, 2], [10, -20]), named('fc/bias', [2], [10, -20])]
    // 10 - 0.25 · 10 and -20 + 0.25 · 20
    expect(decayWeights(arrays, variables, 0.25)).toEqual([
      { name: 'fc/kernel', tensor: [7.5, -15] },
      { name: 'fc/bias', tensor: [10, -20] },
    ])
    expect(decayWeights(arrays, variables, 1, { when: ({ name }) => name === 'fc/bias' })).toEqual([
      { name: 'fc/kernel', tensor: [10, -20] },
      { name: 'fc/bias', tensor: [0, -0] },
    ])
  })

  test('decayWeights with rate 0 changes no value', () => {
    expect(decayWeights(arrays, [named('k', [1, 1], [3])], 0)).toEqual([{ name: 'k', tensor: [3] }])
  })

  test('decayWeights before tf.train.adam gives five steps of torch’s AdamW with parameter groups', () => {
    const { lr, betas, eps, weight_decay, states } = fixture.adamw
    expect(states).toHaveLength(5)
    const [variables, loss] = regression()
    const optimizer = tf.train.adam(lr, betas[0], betas[1], eps)
    for (const { weight, bias } of states) {
      const { grads } = tf.variableGrads(loss, variables)
      decayWeights(tf, variables, lr * weight_decay).forEach(({ tensor }, i) => void variables[i]!.assign(tensor))
      optimizer.applyGradients(variables.map(({ name }) => ({ name, tensor: grads[name]! })))
      expect(variables[0]).toBeClose(weight, 5e-6)
      expect(variables[1]).toBeClose(bias, 5e-6)
    }
    tf.dispose(variables)
  })

  test('decayWeights gives new tensors that the caller owns, and leaves its inputs alone', () => {
    const [variables] = regression()
    const start = variables.map((variable) => variable.arraySync())
    const before = tf.memory().numTensors
    const result = decayWeights(tf, variables, 0.1)
    expectTypeOf(result).toEqualTypeOf<{ name: string; tensor: tf.Tensor }[]>()
    expect(tf.memory().numTensors).toBe(before + 2)
    expect(variables.map((variable) => variable.arraySync())).toEqual(start)
    tf.dispose(variables)
    expect(result[1]!.tensor.arraySync()).toEqual(start[1])
  })

  test('decayWeights refuses a rate outside [0, 1]', () => {
    for (const bad of [-0.1, 1.5, Number.NaN, '0.1' as never]) {
      const message = `decayWeights: rate must be in [0, 1], got ${bad}`
      expect(() => decayWeights(arrays, [], bad)).toThrow(new RangeError(message))
    }
  })
})

/** The regression of the fixture: two variables and the loss that depends on them. */
function regression(): [tf.Variable[], () => tf.Scalar] {
  const weight = tf.variable(tf.tensor2d(fixture.start.weight), true, `kernel_${tf.memory().numTensors}`)
  const bias = tf.variable(tf.tensor1d(fixture.start.bias), true, `bias_${tf.memory().numTensors}`)
  const images = tf.tensor2d(fixture.images)
  const targets = tf.tensor2d(fixture.targets)
  const loss = () => tf.mean(tf.squaredDifference(tf.add(tf.matMul(images, weight as tf.Tensor2D), bias), targets))
  return [[weight, bias], loss as () => tf.Scalar]
}
