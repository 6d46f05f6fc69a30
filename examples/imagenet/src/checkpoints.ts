import { join } from 'node:path'
import { type CheckpointError, loadCheckpoint, saveCheckpoint } from '@bag-of-tricks/checkpoint'
import type { Log } from '@bag-of-tricks/train-log'
import { files, type RunDescription } from './run-folder'
import type { SavedTraining } from './training-state'

/** A training and what its run had come to. */
export interface SavedRun extends SavedTraining {
  /** Accuracy of `best.safetensors`; −1 before the first evaluation. */
  best: number
}

export interface CheckpointerOptions {
  log: Log
  everyMinutes: number
}

/** Says when a checkpoint is due, and saves it. */
export function checkpointer(folder: string, run: RunDescription, { log, everyMinutes }: CheckpointerOptions) {
  let last = performance.now()
  return {
    due: () => performance.now() - last >= 60_000 * everyMinutes,
    /** @param score Accuracy of these very weights, where they were evaluated. */
    async save({ tensors, step, ...rest }: SavedRun, score?: number): Promise<void> {
      // First the log: a loss of power must not leave a checkpoint whose steps nobody has logged.
      log.sync()
      await saveCheckpoint(join(folder, files.checkpoints), { step, tensors, json: { ...rest, run } }, { score })
      last = performance.now()
    },
  }
}

/** Loads the newest whole checkpoint of a run, if it came to save one, and says which newer files are broken. */
export async function loadRun(
  folder: string,
): Promise<{ saved: SavedRun; file: string; passedOver: CheckpointError[] } | undefined> {
  const found = await loadCheckpoint(join(folder, files.checkpoints))
  if (!found) return undefined
  const { file, step, tensors, json, passedOver } = found
  return { saved: { ...(json as Omit<SavedRun, 'step' | 'tensors'>), step, tensors }, file, passedOver }
}
