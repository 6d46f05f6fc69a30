import type { SavedRun } from '../checkpoints'
import type { Plan } from '../plan'
import { batchesBefore } from '../training-state'

/**
 * Gives a saved training as it stands for the present number of ranks: at the same place in the data and in the schedule.
 *
 * `step` counts on. Where a step of now would begin between two batches of before, it goes back to its beginning: the pictures
 * from there on, fewer than a step has, are seen once more.
 */
export function onRanks(saved: SavedRun, { ranks, recipe, data }: Plan): SavedRun {
  const before = saved.ranks ?? 1
  if (before === ranks) return saved
  const { epoch, index } = saved.cursor
  const epochOf = (ranks: number) => Math.floor(data.train.length / (recipe.batch * ranks))
  const cursor = { epoch, index: Math.floor((index * before) / ranks) }
  const made = batchesBefore(saved.cursor, epochOf(before))
  const share = made === 0 ? 0 : batchesBefore(cursor, epochOf(ranks)) / made
  return { ...saved, cursor, ranks, iterations: Math.round(saved.iterations * share) }
}

/** Says what another number of ranks changes; undefined where it is the same. */
export function describeChange(saved: SavedRun, { ranks, recipe, data }: Plan): string | undefined {
  const before = saved.ranks ?? 1
  if (before === ranks) return undefined
  const seen = saved.cursor.index * before
  const again = (seen % ranks) * recipe.batch
  const facts = (ranks: number) => {
    const batch = ranks * recipe.batch
    return `${ranks} ${ranks === 1 ? 'rank' : 'ranks'}, ${batch} pictures a step, ${Math.floor(data.train.length / batch)} steps an epoch`
  }
  return [
    `${facts(ranks)}, where there were ${facts(before)}`,
    `the learning rate is ${ranks / before} times what it was there`,
    again === 0
      ? 'no picture is left out or seen twice'
      : `${again} pictures of epoch ${saved.cursor.epoch + 1} are seen once more`,
  ].join('; ')
}
