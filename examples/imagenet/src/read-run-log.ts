import { type LogRecord, readLog } from '@bag-of-tricks/train-log'
import { RunError } from './errors'

/** Reads the log of a run; a line that is none is a fault of the run, not of the program. */
export function readRunLog(folder: string): LogRecord[] {
  try {
    return readLog(folder)
  } catch (cause) {
    throw new RunError((cause as Error).message, { cause })
  }
}
