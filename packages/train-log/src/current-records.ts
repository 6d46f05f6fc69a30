import type { EvaluationRecord, LogRecord, StepRecord } from './records'

type Numbered = StepRecord | EvaluationRecord

/**
 * Leaves out what a resumed run did again: where steps go back to one that was there, all that was measured from it on.
 *
 * Runs that resume from a checkpoint may find steps in the log that came after it.
 */
export function currentRecords(records: readonly LogRecord[]): LogRecord[] {
  let kept: LogRecord[] = []
  const last = { step: -1, evaluation: -1 }
  for (const record of records) {
    if (isNumbered(record)) {
      if (record.step <= last[record.type]) kept = kept.filter((earlier) => !isRepeated(earlier, record))
      last[record.type] = record.step
    }
    kept.push(record)
  }
  return kept
}

function isNumbered(record: LogRecord): record is Numbered {
  return record.type === 'step' || record.type === 'evaluation'
}

/** An evaluation that comes again takes no step with it. */
function isRepeated(earlier: LogRecord, { type, step }: Numbered): boolean {
  return (earlier.type === 'evaluation' || earlier.type === type) && (earlier as Numbered).step >= step
}
