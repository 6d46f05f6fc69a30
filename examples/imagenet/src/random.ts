import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Gives the numbers in [0, 1) of one step of a rank: a function of these and the seed alone, so that a step can be repeated. */
export function randomOfStep(seed: number, step: number, rank = 0): () => number {
  // xoroshiro takes 32 bits: an odd multiplier spreads neighbouring steps over all of them.
  const mixed = Math.imul(seed, 0x9e3779b1) ^ Math.imul(step + 1, 0x85ebca6b) ^ Math.imul(rank, 0xc2b2ae35)
  const generator = xoroshiro128plus(mixed | 0)
  return () => uniformFloat64(generator)
}
