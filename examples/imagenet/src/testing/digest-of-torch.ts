import { type TorchWeight, torchNames } from '@bag-of-tricks/resnet-tweaks'
import type { LayersModel, NamedTensorMap, Tensor } from '@tensorflow/tfjs-node'
import * as tf from '@tensorflow/tfjs-node'
import { expect } from 'vitest'
import { hash } from './hashed-weights'

type Weight = TorchWeight<LayersModel['weights'][number]>

/** What `tools/oracles/imported-weights.py` has of a training step: a norm and a projection for each tensor, packed. */
export interface ExpectedStep {
  loss: number
  gradients: string
  statistics: string
}

/** Makes the training step of the oracle, and compares its loss, each gradient and each running statistic. */
export function expectStep(model: LayersModel, expected: ExpectedStep): void {
  const { value, grads } = tf.tidy(() => {
    const [batch, labels] = [oracleImages(4), tf.oneHot([0, 3, 6, 9], 10)]
    const logits = () => model.apply(batch, { training: true }) as Tensor
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
    return tf.variableGrads(() => tf.losses.softmaxCrossEntropy(labels, logits()).asScalar(), variables)
  })
  expect(value.dataSync()[0]).toBeClose(expected.loss, 1e-4 * expected.loss)
  const weights = torchNames(model).sort((a, b) => (a.name < b.name ? -1 : 1))
  const gradients = weights.filter(({ variable }) => variable.name in grads)
  expectDigests(gradients, expected.gradients, ({ variable }) => (grads as NamedTensorMap)[variable.name]!)
  const statistics = weights.filter(({ name }) => name.includes('.running_'))
  expectDigests(statistics, expected.statistics, ({ variable }) => variable.read())
}

/** The pictures of the oracle, 64 pixels a side. */
export function oracleImages(batch: number): Tensor {
  const values = hash('images 64', batch * 3 * 64 * 64, (u) => 2 * u - 1)
  return tf.transpose(tf.tensor(values, [batch, 3, 64, 64]), [0, 2, 3, 1])
}

/** To 1e-4 of each norm and a millionth of the largest: some gradients are zero but for rounding. */
function expectDigests(weights: readonly Weight[], packed: string, read: (weight: Weight) => Tensor): void {
  const bytes = Buffer.from(packed, 'base64')
  const numbers = Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i))
  expect(2 * weights.length).toBe(numbers.length)
  const floor = 1e-6 * Math.max(...numbers.filter((_, i) => i % 2 === 0))
  for (const [i, weight] of weights.entries()) {
    const [norm, projection] = numbers.slice(2 * i) as [number, number]
    const digest = digestOf(weight.name, tf.transpose(read(weight), toTorch[weight.layout]).dataSync())
    expect(digest, weight.name).toBeClose([norm, projection], 1e-4 * norm + floor)
  }
}

const toTorch = { conv: [3, 2, 0, 1], dense: [1, 0], vector: [0] }

/** The norm, and the projection on a vector of its own. */
export function digestOf(name: string, values: ArrayLike<number>): [norm: number, projection: number] {
  const probe = hash(`probe ${name}`, values.length, (u) => 2 * u - 1)
  let [squares, projection] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    squares += values[i]! ** 2
    projection += values[i]! * probe[i]!
  }
  return [Math.sqrt(squares), projection]
}
