import type { LogRecord, StepRecord } from '../records'
import { short } from '../report/chart'
import { elapsed } from '../report/elapsed'
import { evaluationsOf, stepsOf, thinned } from '../report/series'
import type { DrawnRun } from './looks'

/** Twelve runs of so many points each are drawn at once. */
const MOST_POINTS = 500

type Columns = Record<string, (number | null)[]>

/** Where the curves of a run are, in each direction one may draw them along. */
export interface RunData {
  name: string
  colour: string
  dash: readonly number[]
  points: Columns
  evaluations: Columns
}

export function runData({ name, colour, dash, records }: DrawnRun): RunData {
  const steps = stepsOf(records)
  const perEpoch = stepsPerEpoch(steps)
  const minutes = minutesOf(records)
  const along = (step: number) => ({
    step,
    epoch: (step + 1) / perEpoch,
    minutes: minutes.get(step) ?? Number.NaN,
  })
  const points = thinned(steps, MOST_POINTS).map(({ step, smoothLoss, rate, smoothImagesPerSecond }) => {
    return { ...along(step), loss: smoothLoss, rate, speed: smoothImagesPerSecond }
  })
  const evaluations = evaluationsOf(records).map(({ step, top1, top5, loss }) => ({ ...along(step), top1, top5, loss }))
  return { name, colour, dash, points: columns(points), evaluations: columns(evaluations) }
}

/** NaN where a run has not come to its second epoch: how long the first one is, nobody can tell. */
function stepsPerEpoch(steps: readonly StepRecord[]): number {
  const first = steps[0]
  const second = first && steps.find(({ epoch }) => epoch === first.epoch + 1)
  return first && second ? second.step - first.step : Number.NaN
}

/** Minutes of work at each step; of a step that was made twice, the second time. */
function minutesOf(records: readonly LogRecord[]): Map<number, number> {
  const passed = elapsed(records)
  return new Map(records.flatMap((record, i) => (record.type === 'step' ? [[record.step, passed[i]! / 60_000]] : [])))
}

function columns(rows: readonly Record<string, number>[]): Columns {
  const keys = Object.keys(rows[0] ?? {})
  return Object.fromEntries(keys.map((key) => [key, rows.map((row) => short(row[key]))]))
}
