import { enableFastGradients } from '@bag-of-tricks/fast-gradients'
import type { ImageSource } from '@bag-of-tricks/image-dataset'
import type { StepFields } from '@bag-of-tricks/train-log'
import * as tf from '@tensorflow/tfjs-node'
import { beforeAll, expect, test } from 'vitest'
import { buildModel } from './model'
import { override, type Recipe } from './recipe'
import { refined } from './recipes/refined'
import { type Training, train } from './train'

beforeAll(() => enableFastGradients(tf))

/** Plain squares, dark or light by class: easy enough to be learnt in some steps. */
const squares: ImageSource = {
  classes: ['dark', 'light'],
  labels: Array.from({ length: 64 }, (_, i) => i % 2),
  length: 64,
  name: (i) => `square ${i}`,
  read: async (i) => ({
    data: new Uint8Array(16 * 16).fill(60 + 120 * (i % 2) + (i % 7)),
    width: 16,
    height: 16,
    channels: 1,
  }),
}
const data = { name: 'squares', train: squares, held: squares }

const small = (...settings: string[]): Recipe =>
  override(refined, ['model.depth=18', 'images.size=32', 'images.resize=32', 'batch=8', 'rate.warmup=0', ...settings])

async function losses(recipe: Recipe, seed: number, steps = 6, options: Partial<Training> = {}): Promise<number[]> {
  const model = buildModel(tf, recipe, 2, seed)
  const logged: StepFields[] = []
  const log = { run() {}, step: (fields: StepFields) => logged.push(fields), evaluation() {}, event() {}, close() {} }
  await train({
    ...{ tf, recipe, data, model, seed, steps, stepsPerEpoch: 8, log, onBad: () => {} },
    onEpochEnd: async () => {},
    stopped: () => false,
    ...options,
  })
  model.dispose()
  return logged.map(({ loss }) => loss)
}

test('train gives the same losses for the same seed, to the bit, and others for another', async () => {
  const [first, again, other] = [await losses(small(), 1), await losses(small(), 1), await losses(small(), 2)]
  expect(first).toHaveLength(6)
  expect(again).toEqual(first)
  for (const [i, loss] of other.entries()) expect(loss).not.toBe(first[i])
})

test('train learns: without smoothing and mixup the loss falls below a tenth of a guess', async () => {
  const recipe = small('label.epsilon=0', 'mixup.alpha=0', 'images.jitter=0', 'images.pca=0', 'rate.base=0.3')
  const course = await losses(recipe, 1, 40)
  expect(course[0]).toBeGreaterThan(0.3)
  expect(course.at(-1)).toBeLessThan(Math.LN2 / 10)
})

test('train ends between steps when asked to, after calling onEpochEnd', async () => {
  let asked = 0
  const ends: number[] = []
  const course = await losses(small(), 1, 100, {
    stopped: () => ++asked > 3,
    onEpochEnd: async (_, step) => void ends.push(step),
  })
  expect(course.length).toBeLessThan(5)
  expect(ends).toEqual([course.length - 1])
})

test('train counts epochs from the data: 20 steps of 8 an epoch are 3 epochs', async () => {
  const ends: [number, number][] = []
  await losses(small('model.depth=18'), 1, 20, { onEpochEnd: async (epoch, step) => void ends.push([epoch, step]) })
  expect(ends).toEqual([
    [0, 7],
    [1, 15],
    [2, 19],
  ])
})

test('train stops at a loss that is no number, names step and rate, and leaves the weights as they were', async () => {
  const recipe = small()
  const model = buildModel(tf, recipe, 2, 1)
  const broken = model
    .getLayer('fc')
    .getWeights()
    .map((weight) => tf.mul(weight, Number.NaN))
  model.getLayer('fc').setWeights(broken)
  const before = model.getLayer('conv1_0').getWeights()[0]!.dataSync()
  await expect(losses(recipe, 1, 6, { model })).rejects.toThrow(
    'the loss became NaN at step 0 (learning rate 0.003125)',
  )
  expect(model.getLayer('conv1_0').getWeights()[0]!.dataSync()).toEqual(before)
})

test('train holds no more tensors after six steps than after two', async () => {
  const left = async (steps: number) => {
    const before = tf.memory().numTensors
    await losses(small(), 1, steps)
    return tf.memory().numTensors - before
  }
  await left(1)
  // tfjs's momentum optimizer forgets one scalar when it is disposed of.
  expect(await left(6)).toBe(await left(2))
})
