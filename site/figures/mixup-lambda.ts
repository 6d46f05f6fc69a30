import { page } from '../../tools/chart/page'
import { betaDensity } from '../charts/beta-density'
import { densityChart } from '../charts/density'
import { drawLambdas } from '../tricks/draw-lambdas'
import { canvas } from './canvas'

/** Draws where mixup's own λ fall, beside the density of Beta(α, α). */
export function mixupLambda(): string {
  const plot = densityChart(
    canvas,
    [0.1, 0.2, 0.4, 1].map((alpha) => ({
      name: `α = ${alpha}`,
      draws: drawLambdas(alpha, 20_000),
      density: betaDensity(alpha),
    })),
  )
  return page(
    'Distribution of λ for four α: below 1 most draws lie near 0 and 1, at 1 all are equally likely',
    [plot],
    'bars: 20,000 draws of mixup for each α · line: the density of Beta(α, α) · both cut off at 4',
  )
}
