import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { holdOut, type ImageSource, imageFolder } from '@bag-of-tricks/image-dataset'
import { bundledDigits } from './digits'
import { UsageError } from './errors'

/** What `--data`, `--train`, `--val` and `--holdout` say. */
export interface DataOptions {
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
  if (data === undefined) return { name: 'bundled digits', ...holdOut(bundledDigits(), holdout ?? 0.1, seed) }
  if (val !== undefined && holdout !== undefined) throw new UsageError('--val and --holdout exclude each other')
  if (!existsSync(data)) throw new UsageError(`--data: there is no folder ${data}`)
  const trainFolder = join(data, train ?? (existsSync(join(data, 'train')) || holdout === undefined ? 'train' : '.'))
  const source = await imageFolder(trainFolder)
  if (holdout !== undefined) return { name: data, ...holdOut(source, holdout, seed) }
  return { name: data, train: source, held: await openHeld(data, val, source.classes) }
}

/** Opens the set to judge by; its labels are those of training. */
export async function openHeld(
  data: string,
  val: string | undefined,
  classes: readonly string[],
): Promise<ImageSource> {
  const name = val ?? ['val', 'test'].find((folder) => existsSync(join(data, folder)))
  if (name === undefined) {
    throw new UsageError(
      `${data} has neither val nor test: name a folder by --val or hold a share back by --holdout 0.1`,
    )
  }
  return imageFolder(join(data, name), { classes })
}
