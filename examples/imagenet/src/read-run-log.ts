import { type EvaluationRecord, type LogRecord, readLog } from '@bag-of-tricks/train-log'
import { RunError } from './errors'
import type { RunDescription } from './run-folder'

/** Reads the log of a run; a line that is none is a fault of the run, not of the program. */
export function readRunLog(folder: string): LogRecord[] {
  try {
    return readLog(folder)
  } catch (cause) {
    throw new RunError((cause as Error).message, { cause })
  }
}

/**
 * What a run came to: the evaluation after its last step; nothing where it has not come so far.
 *
 * A run of so many epochs ends with the last of them: its steps become more or fewer where it goes on with another number of ranks.
 */
export function finalEvaluation(
  folder: string,
  { recipe, steps }: Pick<RunDescription, 'recipe' | 'steps'>,
): EvaluationRecord | undefined {
  const last = readRunLog(folder).findLast((record) => record.type === 'evaluation')
  if (last === undefined) return undefined
  const ended = recipe.steps === null ? last.epoch + 1 === recipe.epochs : last.step + 1 === steps
  return ended ? last : undefined
}
