import { mkdir, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { CheckpointError } from './checkpoint-error'
import { checkpointPieces } from './checkpoint-file'
import { listCheckpoints, nameOfStep, stepOfName } from './checkpoint-folder'
import { loadMetadata } from './load-safetensors'
import type { Tensors } from './save-safetensors'
import { removeLeftovers, syncFolder, writeFileAtomic } from './write-file-atomic'

/** What a run needs to go on. Which tensors and what JSON is the caller's affair. */
export interface CheckpointState {
  /** Updates made so far: orders the checkpoints and names the file. */
  step: number
  /** Weights, statistics, optimizer slots, averages. */
  tensors: Tensors
  /** Everything else, as far as JSON can hold it: data cursor, loss scale, random state, recipe. */
  json: unknown
}

export interface SaveCheckpointOptions {
  /** Newest checkpoints that stay; at least 1. @default 3 */
  keep?: number
  /** How good this state is, more is better: the best one stays too, however old. @default none */
  score?: number
}

/**
 * Saves the state of a run as `dir/step-NNNNNNNNNN.safetensors`, then removes checkpoints that are neither new nor the best.
 *
 * The file appears whole or not at all (see `writeFileAtomic`) and carries a checksum of every byte. It replaces one of
 * the same step. When the write fails, nothing has been removed. Other files of the folder are left alone.
 *
 * A checkpoint is one file, not a folder: one rename makes it exist, so there is no moment at which its tensors and its
 * JSON can be of two different steps. The JSON is a string in safetensors' metadata, so Python reads the file too.
 *
 * @param dir Is made where it is missing.
 * @returns The path of the file.
 *
 * @example
 * await saveCheckpoint('runs/digits/checkpoints', { step: 1200, tensors: weights, json: { epoch: 3 } }, { keep: 2 })
 */
export async function saveCheckpoint(
  dir: string,
  { step, tensors, json }: CheckpointState,
  { keep = 3, score }: SaveCheckpointOptions = {},
): Promise<string> {
  check('step', 'a whole number of at least 0', step, Number.isSafeInteger(step) && step >= 0)
  check('keep', 'a whole number of at least 1', keep, Number.isSafeInteger(keep) && keep >= 1)
  if (score !== undefined) check('score', 'a finite number', score, Number.isFinite(score))
  const state = JSON.stringify(json)
  if (state === undefined) throw new TypeError(`json must be something that JSON can hold, got ${typeof json}`)
  const metadata = { step: String(step), ...(score !== undefined && { score: String(score) }), state }
  const pieces = checkpointPieces(tensors, metadata)
  const file = join(dir, nameOfStep(step))
  await prepareFolder(dir)
  await writeFileAtomic(file, pieces)
  await removeOthers(dir, nameOfStep(step), keep)
  return file
}

async function prepareFolder(dir: string): Promise<void> {
  try {
    const made = await mkdir(dir, { recursive: true })
    // A folder that is forgotten in a loss of power takes its files with it.
    if (made !== undefined) await syncFolder(dirname(resolve(made)))
    await removeLeftovers(dir, (name) => stepOfName(name) !== undefined)
  } catch (cause) {
    throw new CheckpointError(dir, `cannot be written: ${(cause as Error).message}`, { cause })
  }
}

async function removeOthers(dir: string, saved: string, keep: number): Promise<void> {
  const names = await listCheckpoints(dir)
  const scores = await Promise.all(names.map((name) => scoreOf(join(dir, name))))
  // A file whose header is broken does not count: it must not push out one that is whole.
  const sound = names.filter((_, i) => scores[i] !== undefined)
  const best =
    names[scores.reduce<number>((at, score, i) => ((score ?? -Infinity) > (scores[at] ?? -Infinity) ? i : at), 0)]
  const kept = new Set([saved, best, ...sound.slice(0, keep)])
  for (const name of names) if (!kept.has(name)) await rm(join(dir, name), { force: true })
}

/** Minus infinity for a checkpoint without a score, undefined for a broken one. */
async function scoreOf(file: string): Promise<number | undefined> {
  return loadMetadata(file).then(
    ({ score }) => (score === undefined ? Number.NEGATIVE_INFINITY : Number(score)),
    () => undefined,
  )
}

function check(name: string, expected: string, value: number, good: boolean): void {
  if (!good) throw new RangeError(`${name} must be ${expected}, got ${value}`)
}
