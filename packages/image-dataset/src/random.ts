import { hash } from 'node:crypto'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'

/** A stream of random numbers. */
export interface Random {
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number
  /** A whole number, uniform in [0, count). */
  below(count: number): number
  /** Gaussian of mean 0. */
  normal(deviation: number): number
}

/**
 * Opens the stream that belongs to `key`, for example `[seed, 'sample', epoch, index]`.
 *
 * A sample's numbers depend on its key alone, never on which thread asked first. The generator's 128 bits of state are
 * the head of SHA-256(key), so neighbouring keys give unrelated streams and no two of them meet in practice.
 */
export function randomFor(key: readonly (number | string)[]): Random {
  const digest = hash('sha256', JSON.stringify(key), 'buffer')
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((at) => digest.readInt32LE(at)))
  const unit = () => uniformFloat64(generator)
  return {
    uniform: (low, high) => low + (high - low) * unit(),
    below: (count) => uniformInt(generator, 0, count - 1),
    // Box and Muller, 1958; 1 - u keeps the logarithm finite.
    normal: (deviation) => deviation * Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
  }
}
