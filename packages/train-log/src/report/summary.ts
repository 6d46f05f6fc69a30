import type { EvaluationRecord, LogRecord } from '../records'
import { elapsed } from './elapsed'
import { evaluationsOf, stepsOf } from './series'

/** What a run has come to. */
export interface Summary {
  last?: EvaluationRecord
  /** The evaluation of the highest top-1, the first of equals. */
  best?: EvaluationRecord
  steps: number
  epochs: number
  /** Median of the steps. */
  imagesPerSecond: number
  /** Milliseconds of work. */
  time: number
}

export function summarise(records: readonly LogRecord[]): Summary {
  const steps = stepsOf(records)
  const evaluations = evaluationsOf(records)
  const lastStep = steps.at(-1)
  return {
    last: evaluations.at(-1),
    best: evaluations.reduce((a, b) => (b.top1 > a.top1 ? b : a), evaluations[0]!),
    steps: lastStep === undefined ? 0 : lastStep.step + 1,
    epochs: lastStep === undefined ? 0 : lastStep.epoch + 1,
    imagesPerSecond: median(steps.map(({ imagesPerSecond }) => imagesPerSecond)),
    time: elapsed(records).at(-1) ?? 0,
  }
}

/** The upper one of two in the middle; values that are not finite are left out. */
export function median(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
  return sorted.length === 0 ? Number.NaN : sorted[Math.floor(sorted.length / 2)]!
}
