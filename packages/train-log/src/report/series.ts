import type { EvaluationRecord, LogRecord, StepRecord } from '../records'

/** More points than a wide screen has columns are not seen. */
const MOST_POINTS = 1500

/** One record for each step, in order: a resumed run may have written some twice, and the later one counts. */
export function onePerStep<T extends { step: number }>(records: readonly T[]): T[] {
  const byStep = new Map(records.map((record) => [record.step, record]))
  return [...byStep.values()].sort((a, b) => a.step - b.step)
}

export function stepsOf(records: readonly LogRecord[]): StepRecord[] {
  return onePerStep(records.filter((record) => record.type === 'step'))
}

export function evaluationsOf(records: readonly LogRecord[]): EvaluationRecord[] {
  return onePerStep(records.filter((record) => record.type === 'evaluation'))
}

/** What is drawn of some steps that follow each other. */
export interface Point {
  step: number
  loss: number
  smoothLoss: number
  smoothAccuracy: number
  rate: number
  imagesPerSecond: number
  smoothImagesPerSecond: number
  /** Bytes. */
  resident: number
  heap: number
}

/** Thins the steps to at most 1,500 points, or `most`; the loss of a point is the mean of its steps. */
export function thinned(steps: readonly StepRecord[], most = MOST_POINTS): Point[] {
  const size = Math.ceil(steps.length / most)
  const reach = Math.ceil(steps.length / 80)
  const mean = (value: (record: StepRecord) => number) => windowMean(steps.map(value))
  const loss = mean((record) => record.loss)
  const accuracy = mean((record) => record.accuracy ?? Number.NaN)
  const resident = mean(({ memory }) => memory?.resident ?? Number.NaN)
  const heap = mean(({ memory }) => memory?.heap ?? Number.NaN)
  // Of a speed the mean is over the time each picture took.
  const perImage = mean((record) => 1 / record.imagesPerSecond)
  return Array.from({ length: Math.ceil(steps.length / size) }, (_, i) => {
    const own = [i * size, Math.min((i + 1) * size, steps.length)] as const
    const { step, rate } = steps[own[1] - 1]!
    // Smoothed to both sides: a mean of the past alone would draw a falling loss too late.
    const around = [own[0] - reach, own[1] + reach] as const
    return {
      ...{ step, rate, loss: loss(...own), resident: resident(...own), heap: heap(...own) },
      ...{ smoothLoss: loss(...around), smoothAccuracy: accuracy(...around) },
      ...{ imagesPerSecond: 1 / perImage(...own), smoothImagesPerSecond: 1 / perImage(...around) },
    }
  })
}

/** Gives means of `values[from..to)`, each at the cost of two look-ups. Values that are not finite are left out. */
function windowMean(values: readonly number[]): (from: number, to: number) => number {
  const sums = [0]
  const counts = [0]
  for (const [i, value] of values.entries()) {
    const finite = Number.isFinite(value)
    sums.push(sums[i]! + (finite ? value : 0))
    counts.push(counts[i]! + (finite ? 1 : 0))
  }
  return (from, to) => {
    const [first, end] = [Math.max(from, 0), Math.min(to, values.length)]
    return (sums[end]! - sums[first]!) / (counts[end]! - counts[first]!)
  }
}
