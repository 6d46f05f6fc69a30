import { BadImageError, DatasetError } from './errors'
import type { ImageBatch } from './image-batch'
import { limit } from './limit'
import { load } from './load'
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
      const image = await loadSample(source, index, options.enough)
      if (image instanceof BadImageError) return image.message
      const bytes = batch.images.length / batch.labels.length
      options.transform(image, index, new Uint8ClampedArray(batch.images.buffer, slot * bytes, bytes))
      batch.labels[slot] = source.labels[index]!
      batch.indices[slot] = index
    })
}

async function loadSample(source: ImageSource, index: number, enough: number): Promise<RawImage | BadImageError> {
  const data = await source.read(index).catch((cause: Error) => {
    throw new DatasetError(`cannot read ${source.name(index)}: ${cause.message}`, { cause })
  })
  return load(data, { name: source.name(index), enough }).catch((error) => {
    if (error instanceof BadImageError) return error
    throw error
  })
}
