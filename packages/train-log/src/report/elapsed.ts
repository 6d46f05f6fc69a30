import type { LogRecord } from '../records'

/**
 * Gives the milliseconds a run had worked when each record was written.
 *
 * What lies between the last step or evaluation of a process and the `resumed` of the next one is no work; nor is what
 * lies before a `run`.
 */
export function elapsed(records: readonly LogRecord[]): number[] {
  const idle = idleBefore(records)
  let worked = 0
  let before = Number.NaN
  return records.map(({ time }, i) => {
    const now = Date.parse(time)
    // A clock that was put back takes nothing away.
    if (!idle[i] && now > before) worked += now - before
    before = now
    return worked
  })
}

/** From the last record to the first, for events that come before `resumed`, such as of a broken checkpoint, belong to it. */
function idleBefore(records: readonly LogRecord[]): boolean[] {
  const idle: boolean[] = []
  let resumes = false
  for (let i = records.length - 1; i >= 0; i--) {
    const record = records[i]!
    resumes = record.type === 'event' && (resumes || record.kind === 'resumed')
    idle[i] = resumes || record.type === 'run'
  }
  return idle
}
