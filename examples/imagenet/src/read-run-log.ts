import { type EvaluationRecord, type LogRecord, readLog } from '@bag-of-tricks/train-log'
import { RunError } from './errors'

/** Reads the log of a run; a line that is none is a fault of the run, not of the program. */
export function readRunLog(folder: string): LogRecord[] {
  try {
    return readLog(folder)
  } catch (cause) {
    throw new RunError((cause as Error).message, { cause })
  }
}

/** What a run came to: the evaluation after its last step; nothing where it has not come so far. */
export function finalEvaluation(folder: string, steps: number): EvaluationRecord | undefined {
  const last = readRunLog(folder).findLast((record) => record.type === 'evaluation')
  return last && last.step + 1 === steps ? last : undefined
}
