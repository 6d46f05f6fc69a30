import * as Plot from '@observablehq/plot'
import { type ColorName, color } from '../../tools/chart/palette'
import { type Canvas, frame, legend } from './canvas'

export interface Label {
  name: string
  color: ColorName
  /** One probability for each class. */
  values: readonly number[]
}

/** Draws labels of one example beside one another, a group of bars for each class. */
export function labelBars(canvas: Canvas, labels: readonly Label[], height = 200) {
  const classes = labels[0]!.values.length
  const barWidth = 0.8 / labels.length
  const bars = labels.flatMap(({ color, values }, nth) =>
    values.map((value, index) => ({
      color,
      value,
      x1: index - 0.4 + nth * barWidth,
      x2: index - 0.4 + (nth + 1) * barWidth,
    })),
  )
  const roomy = (canvas.width / classes) * barWidth > 30
  return Plot.plot({
    ...frame(canvas, height),
    x: { label: 'class', tickSize: 0, ticks: Array.from({ length: classes }, (_, index) => index), tickFormat: String },
    y: { label: 'probability', tickSize: 0, ticks: 3, domain: [0, 1] },
    marks: [
      Plot.gridY({ stroke: color('faint'), strokeOpacity: 0.25, ticks: 3 }),
      Plot.rectY(bars, { x1: 'x1', x2: 'x2', y: 'value', fill: (bar) => color(bar.color), insetRight: 1 }),
      Plot.text(roomy ? bars : [], {
        ...{ x: (bar) => (bar.x1 + bar.x2) / 2, y: 'value', text: (bar) => percent(bar.value) },
        ...{ dy: -7, fill: color('ink'), fontSize: 10 },
      }),
      ...legend(
        labels.map(({ name, color }) => ({ sign: '■' as const, name, color })),
        canvas,
      ),
    ],
  })
}

function percent(value: number): string {
  return `${Number((100 * value).toPrecision(3))} %`
}
