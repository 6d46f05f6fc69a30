import * as Plot from '@observablehq/plot'
import { document, page } from '../../tools/chart/page'
import { color } from '../../tools/chart/palette'
import type { CurvesReport } from './report'
import { variantNames } from './variants'

const width = 720
const colors = { stock: 'peer', reordered: 'faint', fast: 'third', fused: 'ours', bfloat16: 'limit' } as const

/** Draws all losses in one plot, each a mean of five steps; equal ones lie on one another, the later over the wider. */
export function curvesChart({ losses: curves, data, size, batch }: CurvesReport): string {
  const caption = `${data}, ${size} px, batch ${batch}; each point is the mean of five steps`
  const points = variantNames.flatMap((name) => curves[name].map((loss, step) => ({ name, step, loss })))
  const plot = Plot.plot({
    document,
    width,
    height: 340,
    marginLeft: 44,
    marginTop: 34,
    marginBottom: 40,
    style: { background: 'none', color: color('ink'), fontSize: '12px', overflow: 'visible' },
    x: { label: 'step', tickSize: 0 },
    y: { label: 'loss', tickSize: 0, nice: true },
    marks: [
      Plot.gridY({ stroke: color('faint'), strokeOpacity: 0.25 }),
      ...variantNames.map((name, i) =>
        Plot.lineY(
          points.filter((point) => point.name === name),
          Plot.windowY(5, {
            ...{ x: 'step', y: 'loss', stroke: color(colors[name]) },
            // The first is drawn widest, so that it shows below those that follow it exactly.
            strokeWidth: [7, 4, 2, 1.25, 1.25][i]!,
            strokeDasharray: name === 'reordered' ? '3 3' : undefined,
          }),
        ),
      ),
      ...variantNames.map((name, i) =>
        Plot.text([name], {
          ...{ frameAnchor: 'top-right', textAnchor: 'end', dx: -90 * (variantNames.length - 1 - i), dy: -24 },
          ...{ text: (d) => `━ ${d}`, fill: color(colors[name]), fontWeight: 600 },
        }),
      ),
    ],
  })
  return page('Loss by step of training ResNet-50: stock, fast, fused, bfloat16', [plot], caption)
}
