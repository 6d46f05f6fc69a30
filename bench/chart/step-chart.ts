import * as Plot from '@observablehq/plot'
import { type Drawing, document, page } from '../../tools/chart/page'
import { color } from '../../tools/chart/palette'
import type { StepReport } from '../step/report'
import { contenderName, nameOf } from './results'

const width = 720

/** Draws bars with their spread, one panel for each configuration: rates differ too much for one axis. */
export function stepChart(reports: readonly StepReport[]): string {
  return page(
    'Images per second in a training step of ResNet-50, by library',
    reports.map(panel),
    'Images per second, more is better · line: slowest to fastest sample · limit: the speed of a large matrix product',
  )
}

function panel(report: StepReport): Drawing {
  const bars = Object.entries(report.results).map(([name, { imagesPerSecond, spread }]) => ({
    name: contenderName(name, report.precision),
    ours: name === 'ours',
    imagesPerSecond,
    slowest: spread[0],
    fastest: spread[1],
  }))
  const limit = report.limit.imagesPerSecond
  const farthest = Math.max(limit, ...bars.map(({ fastest }) => fastest))
  return Plot.plot({
    document,
    width,
    height: 26 * bars.length + 80,
    marginLeft: 160,
    marginRight: 64,
    marginTop: 36,
    marginBottom: 42,
    style: { background: 'none', color: color('ink'), fontSize: '12px', overflow: 'visible' },
    x: { domain: [0, farthest], label: null, ticks: 6, tickSize: 0 },
    y: { domain: bars.map(({ name }) => name), label: null, tickSize: 0, padding: 0.25 },
    marks: [
      Plot.text([nameOf(report)], {
        frameAnchor: 'top-left',
        dx: -160,
        dy: -32,
        text: (d) => d,
        fontSize: 14,
        fontWeight: 600,
      }),
      Plot.gridX({ stroke: color('faint'), strokeOpacity: 0.25, ticks: 6 }),
      Plot.barX(bars, { x: 'imagesPerSecond', y: 'name', fill: (bar) => color(bar.ours ? 'ours' : 'peer') }),
      Plot.ruleY(bars, { x1: 'slowest', x2: 'fastest', y: 'name', stroke: color('ink'), strokeWidth: 1.5 }),
      Plot.text(bars, {
        x: 'fastest',
        y: 'name',
        text: (bar) => bar.imagesPerSecond.toFixed(bar.imagesPerSecond < 10 ? 2 : 1),
        textAnchor: 'start',
        dx: 6,
        fill: color('ink'),
        stroke: color('paper'),
        strokeWidth: 4,
      }),
      ...limitMarks(limit),
    ],
  })
}

function limitMarks(limit: number): Plot.Markish[] {
  return [
    Plot.ruleX([limit], { stroke: color('limit'), strokeDasharray: '4 3' }),
    Plot.text([limit], { x: (d) => d, frameAnchor: 'top', text: () => 'limit', dy: -14, fill: color('limit') }),
  ]
}
