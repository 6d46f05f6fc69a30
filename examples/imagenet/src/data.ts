import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { holdOut, type ImageSource, imageFolder } from '@bag-of-tricks/image-dataset'
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
  train: ImageSource
  held: ImageSource
}

/** Opens the set to train on and the set to judge by. */
export async function openData({ data, train, val, holdout }: DataOptions, seed: number): Promise<Data> {
  if (data === undefined) {
    if (train !== undefined || val !== undefined) throw new UsageError('--train and --val need --data DIR')
    return { name: 'bundled digits', ...holdOut(bundledDigits(), holdout ?? 0.1, seed) }
  }
  if (val !== undefined && holdout !== undefined) throw new UsageError('--val and --holdout exclude each other')
  if (!existsSync(data)) throw new UsageError(`--data: there is no folder ${data}`)
  const source = await imageFolder(join(data, train ?? findTrainFolder(data, holdout)))
  if (holdout !== undefined) return { name: data, ...holdOut(source, holdout, seed) }
  return { name: data, train: source, held: await openHeld(data, val, source.classes) }
}

function findTrainFolder(data: string, holdout: number | undefined): string {
  if (existsSync(join(data, 'train'))) return 'train'
  if (holdout !== undefined) return '.'
  throw new UsageError(
    `${data} has no folder train: name one by --train, or, if it holds the class folders itself, add --holdout 0.1`,
  )
}

/** Opens the set to judge by; its labels are those of training. */
export async function openHeld(
  data: string,
  val: string | undefined,
  classes: readonly string[],
): Promise<ImageSource> {
  const name = val ?? ['val', 'test'].find((folder) => existsSync(join(data, folder)))
  if (name !== undefined) return imageFolder(join(data, name), { classes })
  throw new UsageError(
    `${data} has neither val nor test: name a folder by --val, or train with a share held back by --holdout 0.1`,
  )
}
