import { type LogView, terminalProgress } from '@bag-of-tricks/train-log'
import type { Plan } from './plan'
import { batchesBefore, type SavedTraining } from './training-state'

/** Shows a run in the terminal, by its place in the data: steps are fewer or more where the number of ranks has changed. */
export function progressOf({ steps, stepsPerEpoch }: Plan, from: SavedTraining | undefined): LogView {
  const progress = terminalProgress({ epochs: Math.ceil(steps / stepsPerEpoch), stepsPerEpoch, steps })
  const shift = from ? from.step - batchesBefore(from.cursor, stepsPerEpoch) : 0
  return {
    ...progress,
    record: (record) => progress.record('step' in record ? { ...record, step: Number(record.step) - shift } : record),
  }
}
