import { existsSync } from 'node:fs'
import { holdOut, type ImageSource } from '@bag-of-tricks/image-dataset'
import { findSet, openSet } from './data-set'
import { bundledDigits } from './digits'
import { UsageError } from './errors'

/** What `--data`, `--train`, `--val` and `--holdout` say; a run keeps it, for `evaluate`. */
export interface DataOptions {
  /** An absolute path; the bundled digits where there is none. */
  data?: string
  train?: string
  val?: string
  /** Share of each class held back where there is no second set. */
  holdout?: number
}

export interface Data {
  /** For people: the folder, or the bundled digits. */
  name: string
  /** Pixels of the short side, where `imagenet prepare` made the pictures to train on. */
  prepared?: number
  /** Both sets are shares of one. */
  splits?: true
  train: ImageSource
  held: ImageSource
}

/** Not the seed of a run: runs are judged by the same pictures, and a teacher by those that judge its students. */
const splitSeed = 0

/** Opens the set to train on and the set to judge by. */
export async function openData({ data, train, val, holdout }: DataOptions): Promise<Data> {
  if (data === undefined) {
    if (train !== undefined || val !== undefined) throw new UsageError('--train and --val need --data DIR')
    return { name: 'bundled digits', splits: true, ...holdOut(bundledDigits(), holdout ?? 0.1, splitSeed) }
  }
  if (val !== undefined && holdout !== undefined) throw new UsageError('--val and --holdout exclude each other')
  if (!existsSync(data)) throw new UsageError(`--data: there is no folder ${data}`)
  const { source, prepared } = await openSet(findTrain(data, train, holdout))
  if (holdout !== undefined) return { name: data, prepared, splits: true, ...holdOut(source, holdout, splitSeed) }
  return { name: data, prepared, train: source, held: await openHeld(data, val, source.classes) }
}

/** Whether these options take the pictures to judge by from the set that is trained on. */
export function splitsOneSet({ data, holdout }: DataOptions): boolean {
  return data === undefined || holdout !== undefined
}

function findTrain(data: string, train: string | undefined, holdout: number | undefined): string | string[] {
  const found = findSet(data, train, 'train')
  if (found !== undefined) return found
  if (holdout !== undefined) return data
  throw new UsageError(
    `${data} has no folder train and no tar file called so: name one by --train, or, if it holds the classes itself, add --holdout 0.1`,
  )
}

/** Opens the set to judge by; its labels are those of training. */
export async function openHeld(
  data: string,
  val: string | undefined,
  classes: readonly string[],
): Promise<ImageSource> {
  const found = findSet(data, val, 'held')
  if (found !== undefined) return (await openSet(found, classes)).source
  throw new UsageError(
    `${data} has neither val nor test: name one by --val, or train with a share held back by --holdout 0.1`,
  )
}
