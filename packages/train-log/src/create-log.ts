import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { appender } from './appender'
import { LOG_FILE, parseLog } from './read-log'
import type { EvaluationFields, EventFields, LogRecord, LogView, RunFields, StepFields } from './records'

export interface LogOptions {
  /** Told of every record after it is written. @default none */
  views?: readonly LogView[]
}

export interface Log {
  run(fields: RunFields): void
  step(fields: StepFields): void
  evaluation(fields: EvaluationFields): void
  event(fields: EventFields): void
  /** Forces what was written so far to the disk: a loss of power takes no record before it. Call it before saving a checkpoint. */
  sync(): void
  /** Closes the file and the views. Twice is once. */
  close(): void
}

/**
 * Opens the log of a run, `dir/log.jsonl`: one line of JSON for each record, handed to the system before the call
 * returns, so that a killed process loses none.
 *
 * A log that is there goes on; a last line torn by a crash is cut off first. Records get `type` and `time`.
 *
 * @param dir Is made where it is missing.
 *
 * @example
 * const log = createLog('runs/digits', { views: [terminalProgress({ epochs: 5, stepsPerEpoch: 140 })] })
 * log.step({ step: 0, epoch: 0, loss: 2.31, rate: 0.01, imagesPerSecond: 310, dataWait: 0 })
 */
export function createLog(dir: string, { views = [] }: LogOptions = {}): Log {
  mkdirSync(dir, { recursive: true })
  const file = join(dir, LOG_FILE)
  const isNew = !existsSync(file)
  const lines = appender(file, isNew ? 0 : parseLog(readFileSync(file), file).end)
  let closed = false
  if (isNew) syncFolder(dir)

  function write(type: LogRecord['type'], fields: object): void {
    const head = { type, time: new Date().toISOString() }
    // First for those who read the file, last so that no field of the caller's takes their place.
    const record = { ...head, ...fields, ...head } as LogRecord
    lines.append(`${JSON.stringify(record)}\n`)
    for (const view of views) view.record(record)
  }

  return {
    run: (fields) => write('run', fields),
    step: (fields) => write('step', fields),
    evaluation: (fields) => write('evaluation', fields),
    event: (fields) => write('event', fields),
    sync: lines.sync,
    close() {
      if (closed) return
      closed = true
      lines.close()
      for (const view of views) view.close?.()
    },
  }
}

/** A name that is forgotten in a loss of power takes its file with it. */
function syncFolder(dir: string): void {
  // Windows opens no folders.
  if (process.platform === 'win32') return
  const descriptor = openSync(dir, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
