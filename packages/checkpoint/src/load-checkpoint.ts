import { join } from 'node:path'
import { CheckpointError } from './checkpoint-error'
import { verifyCheckpoint } from './checkpoint-file'
import { type Listed, listCheckpoints } from './checkpoint-folder'
import type { TensorData } from './dtypes'
import { loadSafetensors } from './load-safetensors'

export interface Checkpoint {
  /** Path of the file it was read from. */
  file: string
  step: number
  tensors: Map<string, TensorData>
  json: unknown
  score?: number
  /** Files that are torn or corrupt and were, or may have been, saved later, and what is wrong with each: they were passed over. */
  passedOver: CheckpointError[]
}

/**
 * Loads the newest whole checkpoint that `saveCheckpoint` left in a folder: the one saved last, whatever its step.
 *
 * There is no pointer to a latest one that could dangle: headers say in which order the files were saved, and the last one whose
 * checksum holds is the latest. Undefined where the folder holds no checkpoint; a `CheckpointError` where it holds some and none is
 * whole.
 *
 * @example
 * const checkpoint = await loadCheckpoint('runs/digits/checkpoints')
 * for (const { message } of checkpoint?.passedOver ?? []) console.warn(message)
 */
export async function loadCheckpoint(dir: string): Promise<Checkpoint | undefined> {
  const passedOver: CheckpointError[] = []
  for (const { name, step } of await list(dir)) {
    const file = join(dir, name)
    try {
      return { ...(await loadFile(file, step)), passedOver }
    } catch (error) {
      passedOver.push(asCheckpointError(error, file))
    }
  }
  if (passedOver.length === 0) return undefined
  const problems = passedOver.map(({ message }) => message).join('; ')
  throw new CheckpointError(dir, `holds no whole checkpoint: ${problems}`, { cause: passedOver[0] })
}

async function list(dir: string): Promise<Listed[]> {
  return listCheckpoints(dir).catch((error) => {
    throw asCheckpointError(error, dir)
  })
}

async function loadFile(file: string, step: number): Promise<Omit<Checkpoint, 'passedOver'>> {
  await verifyCheckpoint(file)
  const { tensors, metadata } = await loadSafetensors(file)
  if (Number(metadata.step) !== step) throw new CheckpointError(file, `was written as step ${metadata.step}: renamed?`)
  const json: unknown = JSON.parse(metadata.state!)
  return { file, step, tensors, json, ...(metadata.score !== undefined && { score: Number(metadata.score) }) }
}

function asCheckpointError(error: unknown, file: string): CheckpointError {
  if (error instanceof CheckpointError) return error
  return new CheckpointError(file, `cannot be read: ${(error as Error).message}`, { cause: error })
}
