import { mixup } from '@bag-of-tricks/mixup'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { arrayOps } from './array-ops'

/** Gives mixup's own draws of λ, the same every time. */
export function drawLambdas(alpha: number, count: number): number[] {
  const generator = xoroshiro128plus(1)
  const options = { alpha, random: () => uniformFloat64(generator) }
  return Array.from({ length: count }, () => mixup(arrayOps, [[1]], [[1]], options).lambda)
}
