import type { EvaluationRecord, StepRecord } from '../records'
import { movingMean } from './averages'

/** What the last steps of a run come to. NaN where nothing was measured. */
export interface Recent {
  latest: StepRecord
  loss: number
  accuracy: number
  imagesPerSecond: number
  /** Share of their time spent waiting for data, 0 to 1. */
  dataWait: number
  /** Milliseconds to the end of the run. */
  left: number
  evaluation?: EvaluationRecord
}

/** Follows a run of so many steps. Times are in milliseconds. */
export function recentSteps(steps: number) {
  const [loss, accuracy] = [movingMean(50), movingMean(50)]
  const [speed, waits, spans] = [movingMean(20), movingMean(20), movingMean(20)]
  let first: { step: number; time: number } | undefined
  let before: number | undefined
  let evaluation: EvaluationRecord | undefined

  function step(record: StepRecord, time: number): Recent {
    loss.add(record.loss)
    accuracy.add(record.accuracy)
    speed.add(record.imagesPerSecond)
    if (before !== undefined) {
      waits.add(1000 * record.dataWait)
      spans.add(time - before)
    }
    before = time
    const dataWait = Math.min(waits.value() / spans.value(), 1)
    const means = { loss: loss.value(), accuracy: accuracy.value(), imagesPerSecond: speed.value() }
    return { latest: record, ...means, dataWait, left: left(record.step, time), evaluation }
  }

  function left(step: number, time: number): number {
    first ??= { step, time }
    // Over all since the first step, evaluations too: they will come again.
    const perStep = (time - first.time) / (step - first.step)
    return perStep * Math.max(0, steps - step - 1)
  }

  return {
    step,
    evaluation(record: EvaluationRecord, time: number): void {
      evaluation = record
      // The next step begins here, not where the last one ended.
      before = time
    },
  }
}
