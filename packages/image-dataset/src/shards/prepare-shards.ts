import { existsSync, mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { checkWhole } from '../check'
import { BadImageError, DatasetError } from '../errors'
import { enoughToEvaluate } from '../evaluation-transform'
import type { BadImage } from '../image-batch'
import { load } from '../load'
import { prefetch } from '../prefetch'
import { withFile } from '../readable-file'
import { locate } from '../sample-reader'
import { shrinkShortSide } from '../short-side'
import type { ImageSource } from '../source'
import { datasetFile, version, writeDatasetFile } from './dataset-file'
import { decodeIndex, type ShardIndex } from './shard-format'
import { type ShardEntry, writeShard } from './write-shard'

export interface PrepareShardsOptions {
  /** Pixels of the short side; smaller pictures stay as they are. */
  size: number
  /** Samples in one file. @default 4096 */
  perShard?: number
  /** Hears of each bad picture; may throw to end it. @default a bad picture ends it */
  onBad?: (bad: BadImage) => void
  /** Hears how many samples are done. */
  onProgress?: (done: number, length: number) => void
}

/**
 * Decodes every picture once and writes the pixels, short side `size`, into files that `preparedShards` opens.
 *
 * About 200 kB a picture at 256 pixels. A set that was not finished goes on where it was: whole shards of the same source
 * and size stay. Bad pictures are left out.
 *
 * @param dir Is made where it is missing.
 * @returns How many samples were written, those of earlier tries included.
 *
 * @example
 * await prepareShards(await imageFolder('photos/train'), 'prepared/train', { size: 256 })
 */
export async function prepareShards(source: ImageSource, dir: string, options: PrepareShardsOptions): Promise<number> {
  const { size, perShard = 4096, onBad = refuse, onProgress } = options
  checkWhole('size', size, 1)
  checkWhole('perShard', perShard, 1)
  if (existsSync(join(dir, datasetFile)))
    throw new DatasetError(`${dir} is a prepared set already: name another folder`)
  mkdirSync(dir, { recursive: true })
  const shards: { file: string; samples: number }[] = []
  for (let first = 0; first < source.length; first += perShard) {
    const end = Math.min(first + perShard, source.length)
    const file = `shard-${String(shards.length).padStart(5, '0')}.pixels`
    const path = join(dir, file)
    const part = { source, first, end, size, onBad }
    const { samples } = (await finishedShard(path, part)) ?? (await writeShard(path, size, entries(part, onProgress)))
    shards.push({ file, samples: samples.length })
    onProgress?.(end, source.length)
  }
  await writeDatasetFile(dir, { ...version, size, classes: [...source.classes], shards })
  return shards.reduce((sum, { samples }) => sum + samples, 0)
}

/** The samples of a source that make one shard. */
interface Part {
  source: ImageSource
  first: number
  end: number
  size: number
  onBad: (bad: BadImage) => void
}

/** Decodes in sharp's threads, a few samples ahead of the one written. */
async function* entries(part: Part, onProgress: PrepareShardsOptions['onProgress']): AsyncGenerator<ShardEntry> {
  const { source, first, end, onBad } = part
  let done = first
  for await (const entry of prefetch(first, end, 2 * availableParallelism(), (index) => entryOf(part, index))) {
    if (typeof entry.image === 'string') onBad({ name: source.name(done), reason: entry.image })
    yield entry
    done++
    if (done % 100 === 0) onProgress?.(done, source.length)
  }
}

async function entryOf({ source, size }: Part, index: number): Promise<ShardEntry> {
  const name = source.name(index)
  const entry = { name: basename(name), label: source.labels[index]! }
  try {
    const image = await load(await locate(source, index), { name, enough: enoughToEvaluate(size) })
    return { ...entry, image: shrinkShortSide(image, size) }
  } catch (error) {
    if (error instanceof BadImageError) return { ...entry, image: error.message }
    throw error
  }
}

/** The index of a shard that an earlier try wrote of the same samples. */
async function finishedShard(path: string, { source, first, end, size, onBad }: Part): Promise<ShardIndex | undefined> {
  if (!existsSync(path)) return undefined
  const index = await withFile(path, decodeIndex)
  const bad: BadImage[] = []
  for (let sample = first; sample < end; sample++) {
    const name = source.name(sample)
    const is = (entry?: readonly unknown[]) => entry?.[0] === basename(name) && entry[1] === source.labels[sample]
    const left = index.bad[bad.length]
    if (is(left)) bad.push({ name, reason: left![2] })
    else if (!is(index.samples[sample - first - bad.length])) return undefined
  }
  if (index.size !== size || index.samples.length + index.bad.length !== end - first) return undefined
  bad.forEach(onBad)
  return index
}

function refuse({ name, reason }: BadImage): never {
  throw new DatasetError(`${name}: ${reason}; remove it, or pass onBad to leave bad images out`)
}
