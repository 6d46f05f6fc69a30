import { mkdir, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { CheckpointError } from './checkpoint-error'
import { checkpointPieces } from './checkpoint-file'
import { type Listed, listCheckpoints, nameOfStep, stepOfName } from './checkpoint-folder'
import type { Tensors } from './save-safetensors'
import { removeLeftovers, syncFolder, writeFileAtomic } from './write-file-atomic'

/** What a run needs to go on. Which tensors and what JSON is the caller's affair. */
export interface CheckpointState {
  /** Updates made so far: names the file. */
  step: number
  /** Weights, statistics, optimizer slots, averages. */
  tensors: Tensors
  /** Everything else, as far as JSON can hold it: data cursor, loss scale, random state, recipe. */
  json: unknown
}

export interface SaveCheckpointOptions {
  /** Checkpoints that stay, those saved last, whatever their steps; at least 1. @default 3 */
  keep?: number
  /** How good this state is, more is better: the best one stays too, however old, also one of a run that was given up. @default none */
  score?: number
}

/**
 * Saves the state of a run as `dir/step-NNNNNNNNNN.safetensors`, then removes checkpoints that are neither new nor the best.
 *
 * The file appears whole or not at all (see `writeFileAtomic`) and carries a checksum of every byte. It replaces one of
 * the same step. When the write fails, nothing has been removed. Other files of the folder are left alone.
 *
 * Newest is what was saved last. A run that goes back to an earlier step, or begins again in the folder of another, saves steps
 * below those that are there: its files are newer all the same, and the others make room for them.
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
  const name = nameOfStep(step)
  const generation = await namingFolder(dir, () => nextGeneration(dir, step))
  const order = { step: String(step), generation: String(generation) }
  const pieces = checkpointPieces(tensors, { ...order, ...(score !== undefined && { score: String(score) }), state })
  await namingFolder(dir, () => prepareFolder(dir))
  await writeFileAtomic(join(dir, name), pieces)
  await removeOthers(dir, name, keep)
  return join(dir, name)
}

/**
 * Gives the generation that makes a checkpoint of this step the newest.
 *
 * A count of all saves would do too, but a run that was killed and resumed would not end with the bytes of an undisturbed one.
 */
async function nextGeneration(dir: string, step: number): Promise<number> {
  // The one of the same step is replaced.
  const newest = (await listCheckpoints(dir)).find((other) => isSound(other) && other.step !== step)
  if (newest === undefined) return 0
  return step > newest.step ? newest.generation : newest.generation + 1
}

async function prepareFolder(dir: string): Promise<void> {
  const made = await mkdir(dir, { recursive: true })
  // A folder that is forgotten in a loss of power takes its files with it.
  if (made !== undefined) await syncFolder(dirname(resolve(made)))
  await removeLeftovers(dir, (name) => stepOfName(name) !== undefined)
}

async function namingFolder<T>(dir: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use()
  } catch (cause) {
    throw new CheckpointError(dir, `cannot be written: ${(cause as Error).message}`, { cause })
  }
}

async function removeOthers(dir: string, saved: string, keep: number): Promise<void> {
  const checkpoints = await listCheckpoints(dir)
  const sound = checkpoints.filter(isSound)
  // Of two alike the first, which is the newer.
  const best = sound.reduce(
    (best, next) => ((next.score ?? -Infinity) > (best.score ?? -Infinity) ? next : best),
    sound[0]!,
  )
  const kept = new Set([saved, best?.name, ...sound.slice(0, keep).map(({ name }) => name)])
  for (const { name } of checkpoints) if (!kept.has(name)) await rm(join(dir, name), { force: true })
}

/** A file whose header is broken does not count: it must not push out one that is whole. */
function isSound({ generation }: Listed): boolean {
  return Number.isFinite(generation)
}

function check(name: string, expected: string, value: number, good: boolean): void {
  if (!good) throw new RangeError(`${name} must be ${expected}, got ${value}`)
}
