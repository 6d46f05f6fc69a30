import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import type { RawImage } from '../source'
import { encodeIndex, magic, type ShardIndex } from './shard-format'

/** A sample on its way into a shard: its pixels, or why it has none. */
export interface ShardEntry {
  name: string
  label: number
  image: RawImage | string
}

/** Writes a shard sample by sample; the file gets its name once it is whole and on the disk. Gives the index. */
export async function writeShard(path: string, size: number, entries: AsyncIterable<ShardEntry>): Promise<ShardIndex> {
  const index: ShardIndex = { size, samples: [], bad: [] }
  const unfinished = `${path}.unfinished`
  const file = await open(unfinished, 'w')
  try {
    await file.writeFile(magic)
    for await (const { name, label, image } of entries) {
      if (typeof image === 'string') {
        index.bad.push([name, label, image])
        continue
      }
      const { data, width, height, channels } = image
      index.samples.push([name, label, width, height, channels, crc32(data)])
      await file.writeFile(data)
    }
    await file.writeFile(encodeIndex(index))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(unfinished, path)
  await syncFolder(dirname(path))
  return index
}

/** A name is on the disk once its folder is. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  await folder.sync().finally(() => folder.close())
}
