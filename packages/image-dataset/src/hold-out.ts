import { checkWhole } from './check'
import { DatasetError } from './errors'
import { randomFor } from './random'
import type { ImageSource } from './source'
import { subset } from './subset'

/**
 * Splits a source into a part to train on and a part held back, with the same share of every class.
 *
 * A class of n samples gives round(share · n) of them, though never none and never all: of a single sample the class
 * keeps it for training. Which ones is a pure function of the seed and the class's name and size.
 *
 * @param share In (0, 1).
 *
 * @example
 * const { train, held } = holdOut(source, 0.1, 0)
 */
export function holdOut(source: ImageSource, share: number, seed: number): { train: ImageSource; held: ImageSource } {
  if (!(share > 0 && share < 1)) throw new RangeError(`share must be between 0 and 1, got ${share}`)
  checkWhole('seed', seed, 0)
  const train: number[] = []
  const held: number[] = []
  for (const [label, members] of byLabel(source).entries()) {
    const chosen = new Set(draw(members, share, seed, source.classes[label]!))
    for (const index of members) (chosen.has(index) ? held : train).push(index)
  }
  if (held.length === 0) {
    throw new DatasetError('every class has a single image, so none can be held back: name a validation folder instead')
  }
  const ascending = (a: number, b: number) => a - b
  return { train: subset(source, train.sort(ascending)), held: subset(source, held.sort(ascending)) }
}

function byLabel(source: ImageSource): number[][] {
  const groups: number[][] = source.classes.map(() => [])
  for (let index = 0; index < source.length; index++) groups[source.labels[index]!]!.push(index)
  return groups
}

function draw(members: readonly number[], share: number, seed: number, name: string): number[] {
  if (members.length < 2) return []
  const count = Math.min(Math.max(Math.round(share * members.length), 1), members.length - 1)
  const random = randomFor([seed, 'hold out', name])
  const pool = [...members]
  return Array.from({ length: count }, () => {
    const at = random.below(pool.length)
    const chosen = pool[at]!
    pool[at] = pool.at(-1)!
    pool.pop()
    return chosen
  })
}
