import { mean, round } from '../statistics'
import type { Variant } from './variants'

export type Curves = Readonly<Record<Variant, readonly number[]>>

export interface Agreement {
  /** Largest difference of a loss from stock's over the first 20 steps; that of `reordered` is what rounding alone does. */
  differences: Record<Exclude<Variant, 'stock'>, number>
  /** Mean of bfloat16's last losses by stock's: 1 is equal. */
  bfloat16EndRatio: number
}

/** Rounding moves every later step a little more: what is compared is the beginning, and where it ends. */
const beginning = 20
const end = 20

export function agreement(curves: Curves): Agreement {
  const fromStock = (name: Variant) => {
    const distances = curves[name].slice(0, beginning).map((loss, step) => Math.abs(loss - curves.stock[step]!))
    return Number(Math.max(...distances).toPrecision(3))
  }
  const endOf = (name: Variant) => mean(curves[name].slice(-end))
  return {
    differences: {
      fast: fromStock('fast'),
      fused: fromStock('fused'),
      bfloat16: fromStock('bfloat16'),
      reordered: fromStock('reordered'),
    },
    bfloat16EndRatio: round(endOf('bfloat16') / endOf('stock'), 4),
  }
}
