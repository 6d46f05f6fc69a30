import { expect, test } from 'vitest'
import type { SavedRun } from '../checkpoints'
import type { Plan } from '../plan'
import { describeChange, onRanks } from './on-ranks'

/** 100 pictures, four for each rank at a step. */
const plan = (ranks: number) => ({ ranks, recipe: { batch: 4 }, data: { train: { length: 100 } } }) as Plan
const saved = (ranks: number | undefined, epoch: number, index: number, iterations: number): SavedRun => {
  const standing = { step: 77, cursor: { epoch, index }, ranks, skippedInARow: 0, iterations, best: 0.5 }
  return { ...standing, tensors: new Map() }
}

test('onRanks leaves a training of as many ranks alone; without a number it was one', () => {
  const [old, two] = [saved(undefined, 1, 2, 70), saved(2, 1, 2, 70)]
  expect(onRanks(old, plan(1))).toBe(old)
  expect(onRanks(two, plan(2))).toBe(two)
  expect(describeChange(old, plan(1))).toBeUndefined()
})

test('onRanks finds the same picture and the same place in the schedule for fewer ranks', () => {
  // 12 steps an epoch on two ranks: 1 · 12 + 6 = 18 steps. On one: 25, 1 · 25 + 12 = 37.
  const { cursor, iterations, step, ranks } = onRanks(saved(2, 1, 6, 18), plan(1))
  expect({ cursor, iterations, step, ranks }).toEqual({
    cursor: { epoch: 1, index: 12 },
    iterations: 37,
    step: 77,
    ranks: 1,
  })
  // Half of the updates were skipped: half of them count.
  expect(onRanks(saved(2, 1, 6, 9), plan(1)).iterations).toBe(19)
  expect(onRanks(saved(2, 0, 0, 0), plan(1))).toMatchObject({ cursor: { epoch: 0, index: 0 }, iterations: 0 })
})

test('onRanks goes back to the beginning of a step where the ranks are more, and says how many pictures come again', () => {
  // 7 batches of 4 are 3 steps of 8 and 4 pictures, or 2 of 12 and 4, or 1 of 16 and 12.
  const one = saved(1, 2, 7, 57)
  expect(onRanks(one, plan(2)).cursor).toEqual({ epoch: 2, index: 3 })
  expect(describeChange(one, plan(2))).toBe(
    '2 ranks, 8 pictures a step, 12 steps an epoch, where there were 1 rank, 4 pictures a step, 25 steps an epoch; ' +
      'the learning rate is 2 times what it was there; 4 pictures of epoch 3 are seen once more',
  )
  expect(onRanks(one, plan(4)).cursor).toEqual({ epoch: 2, index: 1 })
  expect(describeChange(one, plan(4))).toContain('; 12 pictures of epoch 3 are seen once more')
  // Three ranks' 5 steps of 12 are 60 pictures: on two, 7 steps of 8 and 4.
  expect(onRanks(saved(3, 0, 5, 5), plan(2)).cursor).toEqual({ epoch: 0, index: 7 })
  expect(describeChange(saved(3, 0, 5, 5), plan(2))).toContain('; 4 pictures of epoch 1 are seen once more')
})
