import { crc32 } from 'node:zlib'
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

function verified({ path, width, height, channels, ...image }: StoredImage, data: Uint8Array): RawImage {
  if (crc32(data) !== image.crc32) throw new BadImageError(`its pixels in ${path} do not have their checksum`)
  return { data, width, height, channels }
}

function checkRaw(image: RawImage, name: string): RawImage {
  const { data, width, height, channels } = image
  if ((channels === 1 || channels === 3) && width > 0 && data.length === width * height * channels) return image
  throw new RangeError(
    `${name}: data must hold width × height × (1 or 3) bytes, got ${data.length} for ${width} × ${height} × ${channels}`,
  )
}
