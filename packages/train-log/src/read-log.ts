import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LogRecord } from './records'

/** Name of the log in a run's folder. */
export const LOG_FILE = 'log.jsonl'

/**
 * Reads the records of a run's `log.jsonl`.
 *
 * The last line may be torn by a crash and is dropped then; any other line that is no record is an error that names
 * it. Numbers that JSON cannot hold come back as NaN.
 *
 * @example
 * readLog('runs/digits').filter((record) => record.type === 'evaluation').at(-1)?.top1
 */
export function readLog(dir: string): LogRecord[] {
  const file = join(dir, LOG_FILE)
  return parseLog(readFileSync(file), file).records
}

/** Gives the records, and how many bytes the whole lines take. */
export function parseLog(bytes: Buffer, file: string): { records: LogRecord[]; end: number } {
  const records: LogRecord[] = []
  let end = 0
  for (let next = bytes.indexOf('\n'); next >= 0; next = bytes.indexOf('\n', end)) {
    const record = parseRecord(bytes.toString('utf8', end, next))
    if (record === undefined) {
      if (next + 1 === bytes.length) break
      throw new Error(`${file}: line ${records.length + 1} is not a log record`)
    }
    records.push(record)
    end = next + 1
  }
  return { records, end }
}

const TYPES: readonly unknown[] = ['run', 'step', 'evaluation', 'event'] satisfies LogRecord['type'][]

function parseRecord(line: string): LogRecord | undefined {
  try {
    const record = JSON.parse(line)
    if (!TYPES.includes(record?.type)) return undefined
    return record.type === 'step' || record.type === 'evaluation' ? withNaN(record) : record
  } catch {
    return undefined
  }
}

/** JSON writes NaN and the infinities as null; the fields of these records are all numbers. */
function withNaN(record: LogRecord): LogRecord {
  const entries = Object.entries(record).map(([key, value]) => [key, value === null ? Number.NaN : value])
  return Object.fromEntries(entries)
}
