import { decode } from './decode'
import { BadImageError, DatasetError } from './errors'
import type { ImageBatch } from './image-batch'
import { limit } from './limit'
import type { ImageSource, RawImage } from './source'

export interface SampleReaderOptions {
  /** Samples that may be under way at once. */
  parallel: number
  /** Pixels of the short side that are enough: see `decode`. */
  enough: number
  /** Turns a decoded picture into the bytes of the batch. */
  transform(image: RawImage, index: number, out: Uint8ClampedArray): void
  /** Once aborted, no further sample is started. */
  signal: AbortSignal
}

/** Reads sample `index` into place `slot` of a batch; resolves to what is wrong with a bad picture, else to nothing. */
export type ReadSample = (index: number, batch: ImageBatch, slot: number) => Promise<string | undefined>

export function sampleReader(source: ImageSource, options: SampleReaderOptions): ReadSample {
  const inTurn = limit(options.parallel)
  return (index, batch, slot) =>
    inTurn(async () => {
      options.signal.throwIfAborted()
      const image = await load(source, index, options.enough)
      if (image instanceof BadImageError) return image.message
      const bytes = batch.images.length / batch.labels.length
      options.transform(image, index, new Uint8ClampedArray(batch.images.buffer, slot * bytes, bytes))
      batch.labels[slot] = source.labels[index]!
      batch.indices[slot] = index
    })
}

async function load(source: ImageSource, index: number, enough: number): Promise<RawImage | BadImageError> {
  const image = await source.read(index).catch((cause: Error) => {
    throw new DatasetError(`cannot read ${source.name(index)}: ${cause.message}`, { cause })
  })
  if (typeof image !== 'string' && 'data' in image) return checkRaw(image, source.name(index))
  return decode(image, enough).catch((error) => {
    if (error instanceof BadImageError) return error
    throw error
  })
}

function checkRaw(image: RawImage, name: string): RawImage {
  const { data, width, height, channels } = image
  if ((channels === 1 || channels === 3) && width > 0 && data.length === width * height * channels) return image
  throw new RangeError(
    `${name}: data must hold width × height × (1 or 3) bytes, got ${data.length} for ${width} × ${height} × ${channels}`,
  )
}
