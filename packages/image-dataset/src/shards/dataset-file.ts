import { readFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { DatasetError } from '../errors'
import { syncFolder } from './write-shard'

/** What marks the file. */
export const version = { format: 'bag-of-tricks prepared images', version: 1 } as const

/** Describes a prepared set, and is written when all of it is there. */
export interface DatasetFile {
  format: typeof version.format
  version: typeof version.version
  /** Pixels of the short side. */
  size: number
  classes: string[]
  /** Names of the shards' files, in order, and how many samples each has. */
  shards: { file: string; samples: number }[]
}

/** Name of the file. */
export const datasetFile = 'dataset.json'

export function readDatasetFile(dir: string): DatasetFile {
  const path = join(dir, datasetFile)
  let value: Partial<DatasetFile> | null
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new DatasetError(`${dir} is no prepared set, or one that is not finished (${(cause as Error).message})`, {
      cause,
    })
  }
  if (value?.format !== version.format || value.version !== version.version || !isComplete(value)) {
    throw new DatasetError(`${path} does not describe a prepared set of version 1: prepare it again`)
  }
  return value as DatasetFile
}

export async function writeDatasetFile(dir: string, contents: DatasetFile): Promise<void> {
  const unfinished = join(dir, `${datasetFile}.unfinished`)
  const file = await open(unfinished, 'w')
  await file
    .writeFile(`${JSON.stringify(contents)}\n`)
    .then(() => file.sync())
    .finally(() => file.close())
  await rename(unfinished, join(dir, datasetFile))
  await syncFolder(dir)
}

function isComplete({ size, classes, shards }: Partial<DatasetFile>): boolean {
  return (
    Number.isSafeInteger(size) &&
    Array.isArray(classes) &&
    classes.every((name) => typeof name === 'string') &&
    Array.isArray(shards) &&
    // A name, not a path: shards lie in the same folder.
    shards.every((shard) => /^shard-\d+\.pixels$/.test(shard?.file) && Number.isSafeInteger(shard.samples))
  )
}
