import { checkWhole } from './check'
import { randomFor } from './random'

export interface EpochOrderOptions {
  seed: number
  /** Counted from 0. */
  epoch: number
}

/**
 * Shuffles the numbers 0 … length − 1: the order in which an epoch visits its samples.
 *
 * A pure function of (length, seed, epoch), so a resumed run continues the very same epoch. Fisher and Yates' shuffle:
 * every permutation is equally likely. Four bytes a sample and no other memory.
 *
 * @example
 * epochOrder(5, { seed: 1, epoch: 0 }).toSorted().join() // => '0,1,2,3,4'
 */
export function epochOrder(length: number, { seed, epoch }: EpochOrderOptions): Uint32Array {
  checkWhole('length', length, 0)
  checkWhole('seed', seed, 0)
  checkWhole('epoch', epoch, 0)
  const random = randomFor([seed, 'order', epoch])
  const order = Uint32Array.from({ length }, (_, index) => index)
  for (let last = length - 1; last > 0; last--) {
    const other = random.below(last + 1)
    const kept = order[last]!
    order[last] = order[other]!
    order[other] = kept
  }
  return order
}
