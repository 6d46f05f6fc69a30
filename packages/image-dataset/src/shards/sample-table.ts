import { join } from 'node:path'
import { DatasetError } from '../errors'
import { withFile } from '../readable-file'
import type { StoredImage } from '../source'
import type { DatasetFile } from './dataset-file'
import { decodeIndex, magic, sampleBytes } from './shard-format'

/** Where the samples of a set lie: columns of numbers, since a million objects would take many times the memory. */
export interface SampleTable {
  names: string[]
  /** Into the classes of the set. */
  labels: Int32Array
  path(index: number): string
  stored(index: number): StoredImage
}

export async function sampleTable(dir: string, shards: DatasetFile['shards'], classes: number): Promise<SampleTable> {
  const length = shards.reduce((sum, { samples }) => sum + samples, 0)
  const names: string[] = []
  const labels = new Int32Array(length)
  const [shardOf, offsets, checksums] = [new Uint32Array(length), new Float64Array(length), new Uint32Array(length)]
  const [widths, heights, channels] = [new Uint32Array(length), new Uint32Array(length), new Uint8Array(length)]
  /** The first sample of each shard. */
  const firsts: number[] = []
  const path = (shard: number) => join(dir, shards[shard]!.file)
  for (const [shard, { samples: count }] of shards.entries()) {
    const { samples } = await withFile(path(shard), decodeIndex)
    if (samples.length !== count || samples.some(([, label]) => label >= classes)) {
      throw new DatasetError(`shard ${path(shard)} does not belong to the set of ${dir}: prepare it again`)
    }
    firsts.push(names.length)
    let offset = magic.length
    for (const sample of samples) {
      const at = names.push(sample[0]) - 1
      shardOf[at] = shard
      offsets[at] = offset
      ;[, labels[at], widths[at], heights[at], channels[at], checksums[at]] = sample
      offset += sampleBytes(sample)
    }
  }
  return {
    names,
    labels,
    path: (index) => path(shardOf[index]!),
    stored(index) {
      const [width, height, depth] = [widths[index]!, heights[index]!, channels[index] as 1 | 3]
      const range = { path: path(shardOf[index]!), offset: offsets[index]!, length: width * height * depth }
      const place = index - firsts[shardOf[index]!]!
      return { ...range, width, height, channels: depth, crc32: checksums[index]!, place }
    },
  }
}
