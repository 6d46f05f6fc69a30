import { crc32 } from 'node:zlib'
import { DatasetError } from '../errors'
import type { ReadableFile } from '../readable-file'

/**
 * A shard is one file:
 *
 * | bytes | what |
 * |---|---|
 * | 8 | `BOTSHRD1` |
 * | … | pixels of the samples, one after the other: rows from the top, 8 bits a channel |
 * | n | index, JSON: `{ size, samples: [[name, label, width, height, channels, crc32], …], bad: [[name, label, reason], …] }` |
 * | 4 | n, as a little-endian whole number without sign |
 * | 4 | crc32 of the index, the same way |
 * | 8 | `BOTSHRD1` |
 */
export interface ShardIndex {
  /** Pixels of the short side; a smaller picture was left as it was. */
  size: number
  samples: ShardSample[]
  /** What was left out. */
  bad: [name: string, label: number, reason: string][]
}

export type ShardSample = [
  name: string,
  label: number,
  width: number,
  height: number,
  channels: 1 | 3,
  /** Of the pixels, as by `zlib.crc32`. */
  crc32: number,
]

export const magic = Buffer.from('BOTSHRD1', 'latin1')
const trailerBytes = 16
/** An index of 4,096 samples takes 300 kB. */
const mostIndexBytes = 2 ** 26

/** Bytes of a sample's pixels. */
export function sampleBytes([, , width, height, channels]: ShardSample): number {
  return width * height * channels
}

/** The end of a file, after the pixels. */
export function encodeIndex(index: ShardIndex): Buffer {
  const json = Buffer.from(JSON.stringify(index))
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(json.length, 0)
  trailer.writeUInt32LE(crc32(json), 4)
  return Buffer.concat([json, trailer, magic])
}

/** Reads the index of a shard; throws `DatasetError` unless it and the length of the file are right. Pixels are not read. */
export function decodeIndex(file: ReadableFile): ShardIndex {
  const wrong = (what: string) => new DatasetError(`shard ${file.name} ${what}: prepare it again`)
  if (file.size < magic.length + trailerBytes) throw wrong('is cut short')
  const trailer = file.read(file.size - trailerBytes, trailerBytes)
  if (!file.read(0, magic.length).equals(magic) || !trailer.subarray(8).equals(magic)) {
    throw wrong('does not begin and end as shards do')
  }
  const bytes = trailer.readUInt32LE(0)
  const start = file.size - trailerBytes - bytes
  if (bytes > mostIndexBytes || start < magic.length) throw wrong(`says that its index has ${bytes} bytes`)
  const json = file.read(start, bytes)
  if (crc32(json) !== trailer.readUInt32LE(4)) throw wrong('has an index that does not have its checksum')
  const index = parse(json)
  if (index === undefined) throw wrong('has an index that is none')
  const pixels = index.samples.reduce((sum, sample) => sum + sampleBytes(sample), 0)
  if (magic.length + pixels !== start) throw wrong(`has ${start - magic.length} bytes of pixels instead of ${pixels}`)
  return index
}

function parse(json: Buffer): ShardIndex | undefined {
  let value: Partial<ShardIndex> | null
  try {
    value = JSON.parse(json.toString())
  } catch {
    return undefined
  }
  const { size, samples, bad } = value ?? {}
  const right = isWhole(size, 1) && isList(samples, isSample) && isList(bad, isBad)
  return right ? { size: size!, samples: samples!, bad: bad! } : undefined
}

function isSample(value: unknown): value is ShardSample {
  if (!Array.isArray(value) || value.length !== 6) return false
  const [name, label, width, height, channels, checksum] = value
  const isPicture = isWhole(width, 1) && isWhole(height, 1) && width < 2 ** 24 && height < 2 ** 24
  return typeof name === 'string' && isWhole(label, 0) && isPicture && [1, 3].includes(channels) && isWhole(checksum, 0)
}

function isBad(value: unknown): value is ShardIndex['bad'][number] {
  if (!Array.isArray(value) || value.length !== 3) return false
  const [name, label, reason] = value
  return typeof name === 'string' && isWhole(label, 0) && typeof reason === 'string'
}

function isList<T>(value: unknown, isEntry: (entry: unknown) => entry is T): value is T[] {
  return Array.isArray(value) && value.every(isEntry)
}

function isWhole(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least
}
