import type { Communicator } from '@bag-of-tricks/all-reduce'
import { enableFastGradients } from '@bag-of-tricks/fast-gradients'
import * as tf from '@tensorflow/tfjs-node'
import { beforeAll, expect, test } from 'vitest'
import { buildModel } from '../model'
import { small } from '../testing/course'
import { passAverager } from './average-pass'

beforeAll(() => enableFastGradients(tf))

/** The first of two ranks; the other one has nothing but zeros, so that each mean is a half. */
function besideZeros() {
  const sent: number[] = []
  const allReduce = async (arrays: readonly Float32Array[]) => {
    sent.push(arrays.reduce((sum, { length }) => sum + length, 0))
    for (const array of arrays) array.set(array.map((value) => value / 2))
    return arrays
  }
  return { ranks: { rank: 0, size: 2, allReduce } as unknown as Communicator, sent }
}

// 2.8 million weights: two buckets of a million, and a rest.
const recipe = small('model.width=32')
const images = () => tf.randomNormal([2, 32, 32, 3], 0, 1, 'float32', 1)

test('passAverager sends gradients of late layers while those of early ones are still computed; all come back as means', async () => {
  const model = buildModel(tf, recipe, 2, 0)
  const { ranks, sent } = besideZeros()
  const averager = passAverager(tf, ranks, model)
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
  const lossOf = () => tf.mean(tf.square(model.apply(images(), { training: true }) as tf.Tensor)) as tf.Scalar
  const alone = tf.variableGrads(lossOf, variables)
  // What the first convolution, the last one of the backward pass, is told when it is its turn.
  let sentBefore = Number.NaN
  const first = model.trainableWeights[0]!
  const read = first.read.bind(first)
  const seen = tf.customGrad((x) => ({
    value: tf.clone(x as tf.Tensor),
    gradFunc: (dy) => {
      sentBefore = sent.length
      return dy as tf.Tensor
    },
  }))
  const { value, grads } = averager.during(() => {
    const watched = first.read.bind(first)
    first.read = () => seen(watched()) as ReturnType<typeof read>
    return tf.variableGrads(lossOf, variables)
  })
  expect(sentBefore).toBe(2)
  expect(first.read()).toBe(variables[0])
  const own = { loss: value, accuracy: tf.scalar(0.5), gradients: grads, statistics: [] }
  const mean = await averager.mean(own)
  expect(sent).toHaveLength(3)
  expect(sent.reduce((sum, floats) => sum + floats)).toBe(
    variables.reduce((sum, { size }) => sum + size, 2 /* loss, accuracy */),
  )
  expect(Object.keys(mean.gradients)).toEqual(Object.keys(alone.grads))
  expect(mean.accuracy.dataSync()[0]).toBe(0.25)
  expect(mean.loss.dataSync()[0]).toBeClose(alone.value.dataSync()[0]! / 2, 1e-6)
  for (const [name, gradient] of Object.entries(alone.grads)) {
    const largest = tf.max(tf.abs(gradient)).dataSync()[0]!
    expect(mean.gradients[name]!.shape).toEqual(gradient.shape)
    expect(mean.gradients[name]!).toBeClose(tf.div(gradient, 2), 1e-5 * largest)
  }
})

test('passAverager leaves the pass of a single process as it is', async () => {
  const model = buildModel(tf, small('model.width=8'), 2, 0)
  const averager = passAverager(tf, { rank: 0, size: 1 } as Communicator, model)
  const own = { loss: tf.scalar(1), accuracy: tf.scalar(1), gradients: {}, statistics: [] }
  const { read } = model.trainableWeights[0]!
  averager.during(() => expect(model.trainableWeights[0]!.read).toBe(read))
  expect(await averager.mean(own)).toBe(own)
})

test('passAverager refuses a weight that the network reads twice, and one whose gradient passes by it', async () => {
  const model = buildModel(tf, small('model.width=8'), 2, 0)
  const fc = model.getLayer('fc').trainableWeights[0]!
  const averager = passAverager(tf, besideZeros().ranks, model)
  const twice = () => tf.sum(tf.add(fc.read(), fc.read())) as tf.Scalar
  const variable = fc.read() as tf.Variable
  expect(() => averager.during(() => tf.variableGrads(twice, [variable]))).toThrow(
    `${variable.name} has a second gradient`,
  )
  const past = averager.during(() => tf.variableGrads(() => tf.sum(variable) as tf.Scalar, [variable]))
  const own = { loss: past.value, accuracy: tf.scalar(1), gradients: past.grads, statistics: [] }
  await expect(averager.mean(own)).rejects.toThrow(`the gradient of ${variable.name} passed by unseen`)
})
