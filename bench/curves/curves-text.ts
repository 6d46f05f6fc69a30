import type { CurvesReport } from './report'

/** Says in two sentences how far the curves are apart, below their picture. */
export function curvesText({ data, steps, differences, bfloat16EndRatio, machine }: CurvesReport): string {
  return `![Loss by step: the curves of stock, fast, fused and bfloat16](curves.svg)

On ${data}, in the first 20 steps, the fused ops' losses are at most ${differences.fused} from stock's, those of TensorFlow's own ops
${differences.fast}; stock with each batch in reverse is ${differences.reordered} from itself. bfloat16 ends, after ${steps} steps, at
${bfloat16EndRatio} times stock's loss (means of the last 20 steps; commit ${machine.commit.slice(0, 7)}, ${machine.date.slice(0, 10)}).`
}
