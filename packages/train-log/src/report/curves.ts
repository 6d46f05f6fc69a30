import { decimal, fixed, percent } from '../format'
import type { LogRecord } from '../records'
import { embeddedJson, type Html, html } from './html'
import { evaluationsOf, type Point, stepsOf, thinned } from './series'

interface Series {
  label: string
  /** The custom property of style.ts that holds its colour. */
  colour: string
  /** How the curve is told from others without colour. */
  look: 'faint' | 'line' | 'dots' | 'dashed'
  values: Map<number, number>
}

interface Chart {
  id: string
  title: string
  /** What the curve says, for those who do not see it. */
  summary: string
  unit: 'percent' | 'number'
  series: Series[]
}

/** Draws loss, accuracy and learning rate over the steps. */
export function curvesSection(records: readonly LogRecord[]): Html | undefined {
  const steps = stepsOf(records)
  const evaluations = evaluationsOf(records)
  if (steps.length === 0) return undefined
  const points = thinned(steps)
  const held = (key: 'loss' | 'top1' | 'top5') => new Map(evaluations.map((record) => [record.step, record[key]]))
  const trained = (key: keyof Point) => new Map(points.map((point) => [point.step, point[key]]))
  const last = evaluations.at(-1)
  const charts: Chart[] = [
    {
      id: 'loss',
      title: 'Loss',
      summary: `Training loss from ${fixed(points[0]!.smoothLoss)} to ${fixed(points.at(-1)!.smoothLoss)}${last ? `, held-back loss at the end ${fixed(last.loss)}` : ''}.`,
      unit: 'number',
      series: [
        { label: 'each step', colour: '--train', look: 'faint', values: trained('loss') },
        { label: 'training', colour: '--train', look: 'line', values: trained('smoothLoss') },
        { label: 'held back', colour: '--held', look: 'dots', values: held('loss') },
      ],
    },
    {
      id: 'accuracy',
      title: 'Accuracy',
      summary: last ? `Held-back top-1 ${percent(last.top1)}, top-5 ${percent(last.top5)} at the end.` : 'Of training.',
      unit: 'percent',
      series: [
        { label: 'training', colour: '--train', look: 'line', values: trained('smoothAccuracy') },
        { label: 'top-1', colour: '--held', look: 'dots', values: held('top1') },
        { label: 'top-5', colour: '--held', look: 'dashed', values: held('top5') },
      ],
    },
    {
      id: 'rate',
      title: 'Learning rate',
      summary: `At most ${decimal(Math.max(...points.map(({ rate }) => rate)))}, ${decimal(points.at(-1)!.rate)} at the end.`,
      unit: 'number',
      series: [{ label: 'rate', colour: '--train', look: 'line', values: trained('rate') }],
    },
  ]
  const drawn = charts.map(withValues).filter(({ series }) => series.length > 0)
  return html`<section class="curves" aria-labelledby="curves-title"><h2 id="curves-title">Curves</h2>
${drawn.map(({ id, title, summary }) => html`<figure id="${id}-figure"><figcaption><h3>${title} <small>by step</small></h3></figcaption><div id="${id}" role="img" aria-label="${title}. ${summary}"></div></figure>\n`)}
<script type="application/json" id="curves">${embeddedJson(drawn.map(columns))}</script>
</section>`
}

function withValues(chart: Chart): Chart {
  return { ...chart, series: chart.series.filter(({ values }) => [...values.values()].some(Number.isFinite)) }
}

/** The form that uPlot takes: one list of steps, and for each series a value or null at each of them. */
function columns({ id, unit, series }: Chart) {
  const steps = [...new Set(series.flatMap(({ values }) => [...values.keys()]))].sort((a, b) => a - b)
  const value = (x: number | undefined) => (x === undefined || !Number.isFinite(x) ? null : Number(x.toPrecision(5)))
  const drawn = series.map(({ values, ...rest }) => ({ ...rest, values: steps.map((step) => value(values.get(step))) }))
  return { id, unit, steps, series: drawn }
}
