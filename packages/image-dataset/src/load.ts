import { crc32 } from 'node:zlib'
import { checkRaw } from './check'
import { decode } from './decode'
import { BadImageError } from './errors'
import { readRange } from './read-range'
import type { FileRange, RawImage, SourceImage, StoredImage } from './source'

export interface LoadOptions {
  /** What messages call the sample. */
  name: string
  /** Pixels of the short side that are enough: see `decode`. */
  enough: number
  /** How to read a part of a file. @default `readRange` */
  read?: (range: FileRange) => Uint8Array | Promise<Uint8Array>
}

/** Turns what a source gave of a sample into pixels; rejects with `BadImageError` if they cannot be had. */
export async function load(image: SourceImage, { name, enough, read = readRange }: LoadOptions): Promise<RawImage> {
  if (typeof image === 'string' || image instanceof Uint8Array) return decode(image, enough)
  if ('data' in image) return checkRaw(image, name)
  if ('crc32' in image) return checkRaw(verified(image, await read(image)), name)
  return decode(await read(image), enough)
}

/** The checksums that samples of a file turned out to have. Looking again in every epoch is a tenth of a worker's time. */
const found = new Map<string, number[]>()

function verified({ path, width, height, channels, place, ...image }: StoredImage, data: Uint8Array): RawImage {
  const foundInFile = found.get(path) ?? []
  found.set(path, foundInFile)
  if (foundInFile[place] !== image.crc32) foundInFile[place] = crc32(data)
  if (foundInFile[place] !== image.crc32) {
    throw new BadImageError(`its pixels in ${path} do not have their checksum`)
  }
  return { data, width, height, channels }
}
