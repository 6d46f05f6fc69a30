import * as Plot from '@observablehq/plot'
import { type ColorName, color } from '../../tools/chart/palette'

/** Where a chart is drawn: into the document of a page, or of Node. */
export interface Canvas {
  document: Plot.PlotOptions['document']
  width: number
}

/** What every chart has in common: no background, the palette's colours, room above for the legend. */
export function frame({ document, width }: Canvas, height: number): Plot.PlotOptions {
  return {
    ...{ document, width, height, marginLeft: 48, marginRight: 16, marginTop: 58, marginBottom: 40 },
    style: { background: 'none', color: color('ink'), fontSize: '12px', overflow: 'visible' },
  }
}

export interface LegendEntry {
  sign: '━' | '●' | '■'
  name: string
  color: ColorName
}

/** Writes the names above the chart, each behind its sign; they share the width. */
export function legend(entries: readonly LegendEntry[], { width }: Canvas): Plot.Markish[] {
  const room = Math.min(200, (width - 64) / entries.length)
  const write = (words: string, dx: number, fill: ColorName) =>
    Plot.text([words], { frameAnchor: 'top-left', textAnchor: 'start', dx, dy: -26, text: (d) => d, fill: color(fill) })
  return entries.flatMap(({ sign, name, color }, i) => [
    write(sign, i * room, color),
    write(name, i * room + 17, 'ink'),
  ])
}
