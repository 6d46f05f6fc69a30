import * as Plot from '@observablehq/plot'
import { type ColorName, color } from '../../tools/chart/palette'
import { type Canvas, frame, type LegendEntry, legend } from './canvas'

export interface Point {
  x: number
  y: number
}

export interface Line {
  name: string
  color: ColorName
  points: readonly Point[]
  /** How the line goes from point to point. @default 'straight' */
  course?: 'straight' | 'steps'
  dashed?: boolean
}

export interface Dots {
  /** Left out of the legend without one. */
  name?: string
  color: ColorName
  points: readonly Point[]
}

export interface LinesOptions {
  lines: readonly Line[]
  /** Single points that are marked. */
  dots?: readonly Dots[]
  x: Plot.ScaleOptions
  y: Plot.ScaleOptions
  /** @default 240 */
  height?: number
}

/** Draws functions of one number. */
export function linesChart(canvas: Canvas, { lines, dots = [], x, y, height = 240 }: LinesOptions) {
  return Plot.plot({
    ...frame(canvas, height),
    x: { tickSize: 0, ticks: Math.max(3, Math.floor(canvas.width / 90)), ...x },
    y: { tickSize: 0, ticks: 5, ...y },
    marks: [
      Plot.gridY({ stroke: color('faint'), strokeOpacity: 0.25, ticks: y.ticks ?? 5 }),
      ...lines.map(({ points, color: stroke, dashed, course }) =>
        Plot.lineY(points, {
          ...{ x: 'x', y: 'y', stroke: color(stroke), strokeWidth: 2 },
          ...{ curve: course === 'steps' ? 'step-after' : 'linear', strokeDasharray: dashed ? '4 4' : undefined },
        }),
      ),
      ...dots.map(({ points, color: fill }) => Plot.dot(points, { x: 'x', y: 'y', r: 3, fill: color(fill) })),
      ...legend(namesOf(lines, dots), canvas),
    ],
  })
}

function namesOf(lines: readonly Line[], dots: readonly Dots[]): LegendEntry[] {
  return [
    ...lines.map(({ name, color }) => ({ sign: '━' as const, name, color })),
    ...dots.flatMap(({ name, color }) => (name === undefined ? [] : [{ sign: '●' as const, name, color }])),
  ]
}

/** Asks a function at `count` + 1 places from `from` to `to`. */
export function sample(f: (x: number) => number, from: number, to: number, count = 240): Point[] {
  return Array.from({ length: count + 1 }, (_, i) => {
    const x = from + ((to - from) * i) / count
    return { x, y: f(x) }
  })
}
