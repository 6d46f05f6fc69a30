import { disableFastGradients, enableFastGradients } from '@bag-of-tricks/fast-gradients'
import { io } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-node'
import { afterEach, describe, expect, expectTypeOf, test } from 'vitest'
import expected from '../../../tools/oracles/fixtures/resnet.json'
import { type ResnetOptions, resnet, type TorchWeight, torchNames } from './index'

// Logits, gradients and statistics of torchvision (A, B) and timm (C, D) in float64, by tools/oracles/resnet.py. It fills
// each tensor with a hash of its torch name: a weight under a wrong name or in a wrong order changes every number below.

afterEach(() => tf.disposeVariables())

describe('resnet(tf, options) gives the logits of torchvision and timm, given their weights', () => {
  test.each(Object.entries(expected.logits))('%s', (name, logits) => {
    const [, depth, variant, size] = name.match(/(\d+)(\w) (\d+)/)!
    const model = hashed(Number(depth), variant!, Number(size))
    const predicted = tf.tidy(() => (model.predict(images(2, Number(size))) as tf.Tensor).arraySync() as number[][])
    const largest = Math.max(...logits.flat().map(Math.abs))
    expect(predicted).toBeClose(logits, 1e-5 * largest)
  })
})

describe("resnet(tf, { width: 16 }) gives the logits of timm's with channels=(16, 32, 64, 128)", () => {
  test.each(Object.entries(expected.narrow))('%s', (name, logits) => {
    const [, depth, variant, size] = name.match(/(\d+)(\w) (\d+)/)!
    const model = hashed(Number(depth), variant!, Number(size), weightValues, 16)
    const predicted = tf.tidy(() => (model.predict(images(2, Number(size))) as tf.Tensor).arraySync() as number[][])
    const largest = Math.max(...logits.flat().map(Math.abs))
    expect(predicted).toBeClose(logits, 1e-5 * largest)
  })
})

describe("resnet(tf, options) trains as timm's does: loss, every gradient, every running statistic", () => {
  afterEach(() => disableFastGradients(tf))

  test.each([
    ['18D', 'stock', 18, weightValues],
    ['18D', 'fast', 18, weightValues],
    ['50D', 'stock', 50, clearOfKinks],
    ['50D', 'fast', 50, clearOfKinks],
  ] as const)('%s with %s gradients', (name, gradients, depth, values) => {
    if (gradients === 'fast') enableFastGradients(tf)
    const step: { loss: number; gradients: Digests; statistics: Digests } = expected.step[name]
    const model = hashed(depth, 'D', 64, values)
    const { value, grads } = tf.tidy(() => {
      const [batch, labels] = [images(4, 64), tf.oneHot([0, 3, 6, 9], 10)]
      const logits = () => model.apply(batch, { training: true }) as tf.Tensor
      return tf.variableGrads(() => tf.losses.softmaxCrossEntropy(labels, logits()).asScalar())
    })
    expect(value.dataSync()[0]).toBeClose(step.loss, 1e-5 * step.loss)

    const weights = torchNames(model)
    const trained = weights.filter(({ variable }) => variable.trainable)
    const floor = 1e-5 * Math.max(...Object.values(step.gradients).map(([norm]) => norm!))
    expect(namesOf(trained)).toEqual(Object.keys(step.gradients).sort())
    for (const weight of trained) expectDigest(weight, grads[weight.variable.name]!, step.gradients, floor)

    const statistics = weights.filter(({ variable }) => !variable.trainable)
    expect(namesOf(statistics)).toEqual(Object.keys(step.statistics).sort())
    for (const weight of statistics) expectDigest(weight, weight.variable.read(), step.statistics)
  })
})

test('torchNames(model) names a second model alike and a loaded one', async () => {
  const options = { depth: 18, inputShape: [8, 8, 3], classes: 2, initializer: () => tf.initializers.zeros() } as const
  const [first, second] = [resnet(tf, options), resnet(tf, options)]
  const saved: io.ModelArtifacts[] = []
  await first.save(io.withSaveHandler(async (artifacts) => saved.push(artifacts) as never))
  const loaded = await tf.loadLayersModel(io.fromMemory(saved[0]!))
  const names = torchNames(first).map(({ name, layout, layer }) => ({ name, layout, layer }))
  for (const model of [second, loaded]) expect(torchNames(model)).toMatchObject(names)
  expect(torchNames(second)[0]!.variable.name).not.toBe(torchNames(first)[0]!.variable.name)
  expectTypeOf(torchNames(first)).toEqualTypeOf<TorchWeight<tf.LayerVariable>[]>()
})

test('torchNames(model) leaves out layers that resnet did not make and refuses a model without its layers', () => {
  const other = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] })
  expect(() => torchNames(other)).toThrow('model must be made by resnet')
  const body = resnet(tf, { depth: 18, inputShape: [8, 8, 3], classes: 2, initializer: () => tf.initializers.zeros() })
  const head = tf.layers.dense({ units: 1, name: 'head' })
  const model = tf.model({ inputs: body.inputs, outputs: head.apply(body.outputs[0]!) as tf.SymbolicTensor })
  expect(torchNames(model)).toEqual(torchNames(body))
})

function hashed(depth: number, variant: string, size: number, values = weightValues, width = 64): tf.LayersModel {
  const initializer = () => tf.initializers.zeros()
  const options = { depth, variant, width, classes: 10, inputShape: [size, size, 3], initializer } as ResnetOptions
  const model = resnet(tf, options)
  for (const { name, layout, variable } of torchNames(model)) {
    tf.tidy(() => {
      const shape = tf.transpose(variable.read(), toTorch[layout]).shape
      variable.write(tf.transpose(tf.tensor(values(name, shape), shape), fromTorch[layout]))
    })
  }
  return model
}

const namesOf = (weights: { name: string }[]) => weights.map(({ name }) => name).sort()

const toTorch = { conv: [3, 2, 0, 1], dense: [1, 0], vector: [0] }
const fromTorch = { conv: [2, 3, 1, 0], dense: [1, 0], vector: [0] }

/** The oracle's norm and projection, to a thousandth of the norm; `floor` for gradients that are zero but for rounding. */
function expectDigest({ name, layout }: TorchWeight<unknown>, tensor: tf.Tensor, digests: Digests, floor = 0) {
  const values = tf.tidy(() => tf.transpose(tensor, toTorch[layout]).dataSync())
  const probe = symmetric(`probe ${name}`, values.length)
  const digest = digests[name]!
  expect([Math.sqrt(dot(values, values)), dot(values, probe)], name).toBeClose(digest, 1e-3 * digest[0]! + floor)
}

type Digests = Record<string, number[]>

function dot(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!
  return sum
}

function images(batch: number, size: number): tf.Tensor {
  const values = symmetric(`images ${size}`, batch * 3 * size * size)
  return tf.transpose(tf.tensor(values, [batch, 3, size, size]), [0, 2, 3, 1])
}

function weightValues(name: string, shape: number[]): Float32Array {
  const size = shape.reduce((a, b) => a * b)
  if (shape.length > 1) return symmetric(name, size, Math.sqrt((6 * shape[0]!) / size))
  return /(weight|running_var)$/.test(name) ? uniform(name, size, (u) => u + 0.5) : symmetric(name, size, 0.1)
}

/** The oracle's `clear_of_kinks`. */
function clearOfKinks(name: string, shape: number[]): Float32Array {
  const values = weightValues(name, shape)
  if (name === 'fc.weight') return values.map((x) => 0.05 * x)
  if (name === 'fc.bias' || !name.endsWith('bias')) return values
  const upper = /bn3|downsample/.test(name)
  const gamma = weightValues(name.replace('bias', 'weight'), shape)
  return gamma.map((x, i) => (upper || values[i]! > 0 ? 5 * x : -5 * x))
}

function symmetric(name: string, size: number, limit = 1): Float32Array {
  return uniform(name, size, (u) => (2 * u - 1) * limit)
}

function uniform(name: string, size: number, map: (u: number) => number): Float32Array {
  let seed = 0x811c9dc5
  for (const character of name) seed = Math.imul(seed ^ character.charCodeAt(0), 0x01000193)
  const values = new Float32Array(size)
  for (let i = 0; i < size; i++) {
    let x = (Math.imul(i, 0x9e3779b1) + seed) | 0
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
    values[i] = map(((x ^ (x >>> 16)) >>> 0) / 2 ** 32)
  }
  return values
}
