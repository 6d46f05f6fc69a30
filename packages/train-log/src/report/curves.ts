import { bytes, decimal, fixed, percent } from '../format'
import type { EvaluationRecord, LogRecord } from '../records'
import { type Chart, chartData, chartFigure, withValues } from './chart'
import { type Html, html } from './html'
import { evaluationsOf, type Point, stepsOf, thinned } from './series'

/** Draws loss, accuracy, learning rate, speed and memory over the steps. */
export function curvesSection(records: readonly LogRecord[]): Html | undefined {
  const points = thinned(stepsOf(records))
  if (points.length === 0) return undefined
  const charts = withValues([...results(points, evaluationsOf(records)), ...course(points)])
  return html`<section class="curves" aria-labelledby="curves-title"><h2 id="curves-title">Curves</h2>
${charts.map((chart) => chartFigure(chart, 'step'))}
${chartData(charts)}
</section>`
}

function results(points: readonly Point[], evaluations: readonly EvaluationRecord[]): Chart[] {
  const held = (key: 'loss' | 'top1' | 'top5') => new Map(evaluations.map((record) => [record.step, record[key]]))
  const trained = valuesOf(points)
  const last = evaluations.at(-1)
  return [
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
  ]
}

function course(points: readonly Point[]): Chart[] {
  const trained = valuesOf(points)
  const most = (key: keyof Point) => Math.max(...points.map((point) => point[key]).filter(Number.isFinite))
  const end = points.at(-1)!
  return [
    {
      id: 'rate',
      title: 'Learning rate',
      summary: `At most ${decimal(most('rate'))}, ${decimal(end.rate)} at the end.`,
      unit: 'number',
      series: [{ label: 'rate', colour: '--train', look: 'line', values: trained('rate') }],
    },
    {
      id: 'speed',
      title: 'Images per second',
      summary: `At most ${decimal(most('smoothImagesPerSecond'))}, ${decimal(end.smoothImagesPerSecond)} at the end.`,
      unit: 'number',
      series: [
        { label: 'each step', colour: '--train', look: 'faint', values: trained('imagesPerSecond') },
        { label: 'mean', colour: '--train', look: 'line', values: trained('smoothImagesPerSecond') },
      ],
    },
    {
      id: 'memory',
      title: 'Memory of the process',
      summary: `At most ${bytes(most('resident'))}, ${bytes(end.resident)} at the end.`,
      unit: 'bytes',
      series: [
        { label: 'resident', colour: '--train', look: 'line', values: trained('resident') },
        { label: 'JavaScript heap', colour: '--train', look: 'dashed', values: trained('heap') },
      ],
    },
  ]
}

function valuesOf(points: readonly Point[]) {
  return (key: keyof Point) => new Map(points.map((point) => [point.step, point[key]]))
}
