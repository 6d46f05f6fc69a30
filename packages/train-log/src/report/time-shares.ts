import type { LogRecord, StepRecord } from '../records'
import { elapsed } from './elapsed'
import { median } from './summary'

/** Milliseconds of a run. */
export interface TimeShares {
  /** Steps, but for their wait for data. */
  computing: number
  waiting: number
  /** From the last step of an epoch to what its evaluation found. */
  evaluating: number
  /** Start, saving, report. */
  rest: number
}

/** Splits the time of a run into what it was used for. */
export function timeShares(records: readonly LogRecord[]): TimeShares {
  const passed = elapsed(records)
  const batch = pictures(records, passed)
  const shares = { computing: 0, waiting: 0, evaluating: 0, rest: 0 }
  let since = 0
  for (const [i, record] of records.entries()) {
    const span = passed[i]! - since
    // Events lie within what they tell of.
    if (record.type === 'event' || record.type === 'run') continue
    since = passed[i]!
    if (record.type === 'evaluation') shares.evaluating += span
    else {
      const own = ownTime(record, span, batch)
      const waiting = Math.min(1000 * record.dataWait, own)
      shares.waiting += waiting
      shares.computing += own - waiting
      shares.rest += span - own
    }
  }
  shares.rest += (passed.at(-1) ?? 0) - since
  return shares
}

/** A step after an evaluation or a start does not begin where the record before it ends. */
function ownTime({ imagesPerSecond }: StepRecord, span: number, batch: number): number {
  const own = (1000 * batch) / imagesPerSecond
  return Number.isFinite(own) ? Math.min(own, span) : span
}

/** The log does not say how many pictures a step has: the pauses between steps in a row do. */
function pictures(records: readonly LogRecord[], passed: readonly number[]): number {
  const counts = records.map((record, i) => {
    const inARow = record.type === 'step' && records[i - 1]?.type === 'step'
    return inARow ? (record.imagesPerSecond * (passed[i]! - passed[i - 1]!)) / 1000 : Number.NaN
  })
  return median(counts)
}
