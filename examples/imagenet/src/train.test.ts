import { enableFastGradients } from '@bag-of-tricks/fast-gradients'
import * as tf from '@tensorflow/tfjs-node'
import { beforeAll, expect, test } from 'vitest'
import { buildModel } from './model'
import { learningRate } from './schedule'
import { course, listLog, small } from './testing/course'

beforeAll(() => enableFastGradients(tf))

/** Without what blurs labels and pictures: easy enough to be learnt in 40 steps. */
const plain = ['label.epsilon=0', 'mixup.alpha=0', 'images.jitter=0', 'images.pca=0', 'rate.base=0.3']

async function losses(...run: Parameters<typeof course>): Promise<number[]> {
  return (await course(...run)).map(({ loss }) => loss)
}

test('train gives the same losses for the same seed, to the bit, and others for another', async () => {
  const [first, again, other] = [await losses(small(), 1), await losses(small(), 1), await losses(small(), 2)]
  expect(first).toHaveLength(6)
  expect(again).toEqual(first)
  for (const [i, loss] of other.entries()) expect(loss).not.toBe(first[i])
})

test('train learns: without smoothing and mixup the loss falls below a tenth of a guess', async () => {
  const falling = await losses(small(...plain), 1, 40)
  expect(falling[0]).toBeGreaterThan(0.3)
  expect(falling.at(-1)).toBeLessThan(Math.LN2 / 10)
})

test('train learns in bfloat16 too, from the same first loss but for rounding', async () => {
  const [[exact], half] = [
    await losses(small(...plain), 1, 1),
    await losses(small(...plain, 'precision=bfloat16'), 1, 40),
  ]
  expect(half[0]).not.toBe(exact)
  // bfloat16 has 8 bits: 2⁻⁸ relative an operation, and 18 layers are one behind another.
  expect(half[0]).toBeClose(exact!, 18 * 2 ** -8)
  expect(half.at(-1)).toBeLessThan(Math.LN2 / 10)
})

// At step 0 a gradient in the logits is about ½ · 2²⁴ / 8 pictures = 1,048,576: float16 ends at 65,504.
const overflowing = (...settings: string[]) => small('precision=float16', `lossScale.initial=${2 ** 24}`, ...settings)

test('train in float16 skips the steps that overflow at half the loss scale each, then learns', async () => {
  const recipe = overflowing(...plain)
  const steps = await course(recipe, 1, 48)
  const skipped = steps.findIndex((step) => !step.skipped)
  expect(skipped).toBeGreaterThan(0)
  expect(steps.slice(0, skipped + 1).map(({ lossScale }) => lossScale)).toEqual(
    Array.from({ length: skipped + 1 }, (_, i) => 2 ** (24 - i)),
  )
  expect(steps.at(-1)).toMatchObject({ skipped: false })
  expect(steps.at(-1)!.loss).toBeLessThan(Math.LN2 / 10)
  // The schedule waits: step `skipped` has the rate of the first update, the one after it that of the second.
  const schedule = learningRate(recipe, 48, 8)
  const rates = steps.slice(0, skipped + 2).map(({ rate }) => rate)
  expect(rates).toEqual([...Array(skipped + 1).fill(schedule(0)), schedule(1)])
})

test('train leaves the weights as they were at a step that is skipped, and says so', async () => {
  const recipe = overflowing()
  const model = buildModel(tf, recipe, 2, 1)
  const weights = () => model.getLayer('fc').getWeights()[0]!.dataSync().slice()
  const seen = [weights()]
  const { log, events } = listLog()
  await course(recipe, 1, 1, { model, log, onEpochEnd: async () => void seen.push(weights()) })
  expect(seen[1]).toEqual(seen[0])
  expect(events).toEqual(['step 0 skipped: float16 overflowed at a loss scale of 16777216'])
})

test('train ends after maxSkipped overflows in a row', async () => {
  await expect(course(overflowing(), 1, 6, { maxSkipped: 2 })).rejects.toThrow(
    '2 steps in a row were skipped, the last at a learning rate of 0.003125 because float16 overflowed at a loss scale of 8388608',
  )
})

test('train ends between steps when asked to, after calling onEpochEnd', async () => {
  let asked = 0
  const ends: number[] = []
  const begun = await losses(small(), 1, 100, {
    stopped: async () => ++asked > 3,
    onEpochEnd: async (_, step) => void ends.push(step),
  })
  expect(begun.length).toBeLessThan(5)
  expect(ends).toEqual([begun.length - 1])
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
