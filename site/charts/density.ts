import * as Plot from '@observablehq/plot'
import { color } from '../../tools/chart/palette'
import { type Canvas, frame } from './canvas'

export interface Distribution {
  /** Title of the panel. */
  name: string
  /** Numbers in [0, 1]. */
  draws: readonly number[]
  /** What they should follow; may be infinite at 0 and 1. */
  density(x: number): number
}

const bins = 40
/** Below α = 1 the density is infinite at both ends: bars and lines are cut here. */
const top = 4

/** Draws how often numbers in [0, 1] came, beside the density that they should follow, a panel for each distribution. */
export function densityChart(canvas: Canvas, distributions: readonly Distribution[], height = 240) {
  const bars = distributions.flatMap(({ name, draws }) =>
    histogram(draws).map(({ y, ...bar }) => ({ name, y: Math.min(y, top), ...bar })),
  )
  const curves = distributions.flatMap(({ name, density }) =>
    Array.from({ length: 399 }, (_, i) => (i + 1) / 400)
      .map((x) => ({ name, x, y: density(x) }))
      .filter(({ y }) => y <= top),
  )
  return Plot.plot({
    ...frame(canvas, height),
    marginTop: 32,
    x: { label: 'λ', tickSize: 0, ticks: [0, 0.5, 1], tickFormat: String, domain: [0, 1] },
    y: { label: null, tickSize: 0, ticks: top, domain: [0, top] },
    fx: { label: null, padding: distributions.length > 1 ? 0.15 : 0, domain: distributions.map(({ name }) => name) },
    marks: [
      Plot.gridY({ stroke: color('faint'), strokeOpacity: 0.25, ticks: 4 }),
      Plot.rectY(bars, { x1: 'x1', x2: 'x2', y: 'y', fx: 'name', fill: color('peer'), insetRight: 1 }),
      Plot.lineY(curves, { x: 'x', y: 'y', fx: 'name', stroke: color('ours'), strokeWidth: 2 }),
    ],
  })
}

/** Shares of the draws in equal bins, as densities: the bars have an area of 1. */
function histogram(draws: readonly number[]): { x1: number; x2: number; y: number }[] {
  const counts = Array<number>(bins).fill(0)
  for (const draw of draws) counts[Math.min(bins - 1, Math.floor(draw * bins))]! += 1
  return counts.map((count, i) => ({ x1: i / bins, x2: (i + 1) / bins, y: (count / draws.length) * bins }))
}
