import type { CurvesReport } from './report'

/** Says in two sentences how far the curves are apart, below their picture. */
export function curvesText({
  data,
  steps,
  float32Difference,
  roundingDifference,
  bfloat16EndRatio,
  machine,
}: CurvesReport): string {
  return `![Loss by step: the curves of stock, fast, fused and bfloat16](curves.svg)

On ${data}, the float32 variants' losses are at most ${float32Difference} from stock's in the first 20 steps; rounding alone moves stock
by ${roundingDifference}. bfloat16 ends, after ${steps} steps, at ${bfloat16EndRatio} times stock's loss (means of the last 20 steps; commit
${machine.commit.slice(0, 7)}, ${machine.date.slice(0, 10)}).`
}
