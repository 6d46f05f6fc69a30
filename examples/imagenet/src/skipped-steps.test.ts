import { enableFastGradients } from '@bag-of-tricks/fast-gradients'
import { subset } from '@bag-of-tricks/image-dataset'
import * as tf from '@tensorflow/tfjs-node'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildModel } from './model'
import { precisions } from './precision'
import { learningRate } from './schedule'
import { course, listLog, small, squares } from './testing/course'
import { digest } from './testing/digest'
import { type Spoil, spoilSteps } from './testing/spoil-steps'
import type { SavedTraining } from './training-state'

beforeAll(() => enableFastGradients(tf))

/** A place for what is saved. */
function listStates() {
  const states: SavedTraining[] = []
  return { states, save: async (state: SavedTraining) => void states.push(structuredClone(state)) }
}

const allFinite = ({ tensors }: SavedTraining) =>
  [...tensors.values()].every(({ data }) => (data as Float32Array).every(Number.isFinite))

describe.each(precisions)('train in %s', (precision) => {
  const recipe = small(`precision=${precision}`)
  const spoiled = (spoil: Spoil, isSpoiled: (step: number) => boolean) =>
    spoilSteps(tf, buildModel(tf, recipe, 2, 1), { spoil, isSpoiled })
  const overflow = 'float16 overflowed at a loss scale of 65536'

  test.each<[Spoil, string]>([
    ['pictures', `the loss was NaN in ${precision}`],
    ['gradients', precision === 'float16' ? overflow : `a gradient was not finite in ${precision}, at a loss of `],
  ])('skips a step whose %s are infinite: nothing has moved, and it goes on', async (spoil, reason) => {
    const { log, events, steps } = listLog()
    const { states, save } = listStates()
    // One batch of data: the end of each epoch saves after each step.
    const train = subset(squares, [0, 1, 2, 3, 4, 5, 6, 7])
    const options = { log, save, data: { name: 'squares', train, held: squares }, stepsPerEpoch: 1 }
    await course(recipe, 1, 4, { ...options, model: spoiled(spoil, (step) => step === 2) })
    const [, before, skipped, next] = [1, 2, 3, 4].map((count) => states.find(({ step }) => step === count)!)
    expect(digest(skipped!.tensors)).toBe(digest(before!.tensors))
    expect(digest(next!.tensors)).not.toBe(digest(skipped!.tensors))
    expect([before, skipped, next].map((state) => state!.iterations)).toEqual([2, 2, 3])
    expect([before, skipped, next].map((state) => state!.skippedInARow)).toEqual([0, 1, 0])
    expect(steps.map(({ skipped }) => skipped)).toEqual([false, false, true, false])
    // The schedule waits.
    const schedule = learningRate(recipe, 4, 1)
    expect(steps.map(({ rate }) => rate)).toEqual([0, 1, 2, 2].map(schedule))
    expect(events).toEqual([expect.stringContaining(`step 2 skipped: ${reason}`)])
  })

  test('ends after maxSkipped of them in a row; what it saved is finite', async () => {
    const { log, steps } = listLog()
    const { states, save } = listStates()
    const options = { log, save, saveDue: async () => true, maxSkipped: 20 }
    const model = spoiled('pictures', (step) => step >= 2)
    await expect(course(recipe, 1, 100, { ...options, model })).rejects.toThrow(
      `20 steps in a row were skipped, the last at a learning rate of ${learningRate(recipe, 100, 8)(2)} because ` +
        `the loss was NaN in ${precision}: try ${precision === 'float16' ? 'bfloat16 or ' : ''}a lower rate.base`,
    )
    expect(steps).toHaveLength(22)
    // After the two good steps; then where two epochs end and the next begin. A skipped step makes no other wait for its turn.
    expect(states.map(({ step }) => step)).toEqual([1, 2, 8, 8, 16, 16])
    expect(states.every(allFinite)).toBe(true)
  })

  test('counts on after a resume', async () => {
    const isSpoiled = (step: number) => step >= 4
    const { states, save } = listStates()
    const message = '6 steps in a row were skipped'
    await expect(
      course(recipe, 1, 100, { save, maxSkipped: 6, model: spoiled('pictures', isSpoiled) }),
    ).rejects.toThrow(message)
    const from = states.at(-1)!
    expect([from.step, from.skippedInARow]).toEqual([8, 4])
    const { log, steps } = listLog()
    const model = spoilSteps(tf, buildModel(tf, recipe, 2, 9), { isSpoiled, first: from.step })
    await expect(course(recipe, 1, 100, { from, log, maxSkipped: 6, model })).rejects.toThrow(message)
    expect(steps.map(({ step }) => step)).toEqual([8, 9])
  })
})

test('train saves no weights that are not finite', async () => {
  const recipe = small()
  const model = buildModel(tf, recipe, 2, 1)
  const fc = model.getLayer('fc')
  fc.setWeights(fc.getWeights().map((weight) => tf.mul(weight, Number.NaN)))
  const { states, save } = listStates()
  await expect(course(recipe, 1, 100, { model, save })).rejects.toThrow('fc.weight is no longer finite after 8 steps')
  expect(states).toEqual([])
})
