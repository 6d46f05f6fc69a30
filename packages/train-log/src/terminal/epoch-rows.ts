import type { EvaluationRecord, StepRecord } from '../records'
import { mean } from './averages'
import { tableHead, tableRow } from './epoch-table'
import type { Screen } from './screen'

const NO_EVALUATION = { loss: Number.NaN, top1: Number.NaN, top5: Number.NaN }

/** Prints a row at each evaluation, and at the end of an epoch that had none. */
export function epochRows(view: Screen, now: () => number) {
  let steps = epochSteps(now())
  let open: number | undefined
  let headed = false

  function print(epoch: number, { loss: evaluationLoss, top1, top5 } = NO_EVALUATION): void {
    if (!headed) view.print(tableHead(view.width()), 'dim')
    headed = true
    const time = now()
    view.print(tableRow({ epoch, ...steps.summary(time), evaluationLoss, top1, top5 }, view.width()))
    steps = epochSteps(time)
    open = undefined
  }

  function end(): void {
    if (open !== undefined) print(open)
  }

  return {
    end,
    step(record: StepRecord) {
      if (open !== record.epoch) end()
      open = record.epoch
      steps.add(record, now())
    },
    evaluation: (record: EvaluationRecord) => print(record.epoch, record),
  }
}

/** Gathers the steps of an epoch that began at `started`, in milliseconds. */
function epochSteps(started: number) {
  const [loss, accuracy, speed] = [mean(), mean(), mean()]
  let waited = 0
  let memory = 0
  let last = started
  return {
    add(record: StepRecord, time: number): void {
      loss.add(record.loss)
      accuracy.add(record.accuracy)
      speed.add(record.imagesPerSecond)
      waited += 1000 * record.dataWait
      memory = Math.max(memory, record.memory?.resident ?? 0)
      last = time
    },
    summary: (time: number) => ({
      loss: loss.value(),
      accuracy: accuracy.value(),
      imagesPerSecond: speed.value(),
      dataWait: Math.min(waited / (last - started), 1),
      memory: memory || Number.NaN,
      time: time - started,
    }),
  }
}
