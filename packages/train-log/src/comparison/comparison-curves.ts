import { percent } from '../format'
import { chartFigure } from '../report/chart'
import { embeddedJson, type Html, html } from '../report/html'
import { type RunData, runData } from './comparison-data'
import { type DrawnRun, swatch } from './looks'

const CHARTS = [
  { id: 'top1', title: 'Held-back top-1', unit: 'percent', of: 'evaluations', key: 'top1' },
  { id: 'held-loss', title: 'Held-back loss', unit: 'number', of: 'evaluations', key: 'loss' },
  { id: 'loss', title: 'Training loss', unit: 'number', of: 'points', key: 'loss' },
  { id: 'rate', title: 'Learning rate', unit: 'number', of: 'points', key: 'rate' },
  { id: 'speed', title: 'Images per second', unit: 'number', of: 'points', key: 'speed' },
] as const

type ComparedChart = (typeof CHARTS)[number]

/** Draws the curves of all runs over one another, along what the reader chooses. */
export function comparisonCurves(runs: readonly DrawnRun[]): Html | undefined {
  const data = runs.map(runData)
  const charts = CHARTS.filter(({ of, key }) => data.some((run) => run[of][key]?.some((value) => value !== null)))
  if (charts.length === 0) return undefined
  const hasEpochs = data.every(({ points }) => points.epoch?.every((epoch) => epoch !== null))
  const axes = [
    { value: 'step', label: 'step' },
    ...(hasEpochs ? [{ value: 'epoch', label: 'epoch' }] : []),
    { value: 'minutes', label: 'time' },
  ]
  return html`<section class="curves compared" aria-labelledby="curves-title"><h2 id="curves-title">Curves</h2>
<div class="legend">
<fieldset class="axis"><legend>by</legend>${axes.map(({ value, label }, i) => html`<label><input type="radio" name="axis" value="${value}"${i === 0 ? html` checked` : undefined}>${label}</label>`)}</fieldset>
<fieldset class="shown"><legend id="read-out">Runs</legend>
${runs.map((run, i) => html`<label><input type="checkbox" value="${i}" checked>${swatch(run)}<span>${run.name}</span> <span class="value"></span></label>\n`)}</fieldset>
</div>
${charts.map(({ id, title, ...chart }) => chartFigure({ id, title, summary: summary(chart, data) }))}
<script type="application/json" id="curves">${embeddedJson({ runs: data, charts })}</script>
</section>`
}

/** What the curves end with, for those who do not see them. */
function summary({ of, key, unit }: Pick<ComparedChart, 'of' | 'key' | 'unit'>, runs: readonly RunData[]): string {
  const ends = runs.map((run) => {
    const end = run[of][key]?.findLast((value) => value !== null)
    if (end === undefined || end === null) return `${run.name} has none`
    return `${run.name} ${unit === 'percent' ? percent(end) : end}`
  })
  return `At the end: ${ends.join(', ')}.`
}
