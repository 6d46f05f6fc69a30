import { mean, round } from '../statistics'
import { type Variant, variantNames, variants } from './variants'

export type Curves = Readonly<Record<Variant, readonly number[]>>

export interface Agreement {
  /** Largest difference of a float32 variant's loss from stock's over the first 20 steps. */
  float32Difference: number
  /** The same of stock with its batches in reverse: what rounding alone does. */
  roundingDifference: number
  /** Mean of bfloat16's last losses by stock's: 1 is equal. */
  bfloat16EndRatio: number
}

/** Rounding moves every later step a little more: what is compared is the beginning, and where it ends. */
const beginning = 20
const end = 20

export function agreement(curves: Curves): Agreement {
  const fromStock = (name: Variant) =>
    Math.max(...curves[name].slice(0, beginning).map((loss, step) => Math.abs(loss - curves.stock[step]!)))
  const float32 = variantNames.filter((name) => variants[name]?.precision === 'float32')
  const endOf = (name: Variant) => mean(curves[name].slice(-end))
  return {
    float32Difference: Number(Math.max(...float32.map(fromStock)).toPrecision(3)),
    roundingDifference: Number(fromStock('reordered').toPrecision(3)),
    bfloat16EndRatio: round(endOf('bfloat16') / endOf('stock'), 4),
  }
}
