import type { EvaluationRecord, StepRecord } from '../records'
import { mean } from './averages'
import { tableHead, tableRow } from './epoch-table'
import type { Screen } from './screen'

/** Prints a row at each evaluation, and at the end of an epoch that had none. */
export function epochRows(view: Screen, now: () => number) {
  const loss = mean()
  const speed = mean()
  let started = now()
  let open: number | undefined
  let headed = false

  function print(epoch: number, { loss: evaluationLoss, top1, top5 }: Partial<EvaluationRecord>): void {
    if (!headed) view.print(tableHead(view.width()), 'dim')
    headed = true
    const time = now()
    const measured = {
      evaluationLoss: evaluationLoss ?? Number.NaN,
      top1: top1 ?? Number.NaN,
      top5: top5 ?? Number.NaN,
    }
    const row = { epoch, loss: loss.take(), ...measured, imagesPerSecond: speed.take(), time: time - started }
    view.print(tableRow(row, view.width()))
    started = time
    open = undefined
  }

  function end(): void {
    if (open !== undefined) print(open, {})
  }

  return {
    end,
    step(record: StepRecord) {
      if (open !== record.epoch) end()
      open = record.epoch
      loss.add(record.loss)
      speed.add(record.imagesPerSecond)
    },
    evaluation: (record: EvaluationRecord) => print(record.epoch, record),
  }
}
