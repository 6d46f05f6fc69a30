import { embeddedJson, type Html, html } from './html'

export interface Series {
  label: string
  /** The custom property of the style that holds its colour. */
  colour: string
  /** How the curve is told from others without colour. */
  look: 'faint' | 'line' | 'dots' | 'dashed'
  /** What it is at a step; steps that have nothing are missing or NaN. */
  values: Map<number, number>
}

export interface Chart {
  id: string
  title: string
  /** What the curve says, for those who do not see it. */
  summary: string
  unit: 'percent' | 'number' | 'bytes'
  series: Series[]
}

/** Leaves out curves that have no value, and charts that have no curve. */
export function withValues(charts: readonly Chart[]): Chart[] {
  return charts
    .map((chart) => ({
      ...chart,
      series: chart.series.filter(({ values }) => [...values.values()].some(Number.isFinite)),
    }))
    .filter(({ series }) => series.length > 0)
}

/** The place of a chart, to be drawn into by the page's script. */
export function chartFigure({ id, title, summary }: Omit<Chart, 'series' | 'unit'>, by?: string): Html {
  const axis = by === undefined ? undefined : html` <small>by ${by}</small>`
  return html`<figure id="${id}-figure"><figcaption><h3>${title}${axis}</h3></figcaption><div id="${id}" role="img" aria-label="${title}. ${summary}"></div></figure>\n`
}

/** What the page's script draws from. */
export function chartData(charts: readonly Chart[]): Html {
  return html`<script type="application/json" id="curves">${embeddedJson(charts.map(columns))}</script>`
}

/** The form that uPlot takes: one list of steps, and for each series a value or null at each of them. */
function columns({ id, unit, series }: Chart) {
  const steps = [...new Set(series.flatMap(({ values }) => [...values.keys()]))].sort((a, b) => a - b)
  const drawn = series.map(({ values, ...rest }) => ({ ...rest, values: steps.map((step) => short(values.get(step))) }))
  return { id, unit, steps, series: drawn }
}

/** As JSON holds it: null for nothing, and no more digits than a screen shows. */
export function short(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(5))
}
