import { averageWeights, type EmaDecayOptions, emaDecay } from '@bag-of-tricks/model-ema'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { arrayOps } from './array-ops'

/** Gives a made-up weight that rises from 0 to 1 with noise, the same every time, and its average, step by step. */
export function averageWalk(steps: number, options: EmaDecayOptions): { weight: number; average: number }[] {
  const generator = xoroshiro128plus(1)
  let averages = [[[0]]]
  return Array.from({ length: steps }, (_, step) => {
    const noise = uniformFloat64(generator) - 0.5
    const weight = 1 - Math.exp(-step / (steps / 8)) + 0.6 * noise
    averages = averageWeights(arrayOps, averages, [[[weight]]], emaDecay(step, options))
    return { weight, average: averages[0]![0]![0]! }
  })
}
