import { BadImageError, DatasetError } from './errors'
import type { ImageBatch } from './image-batch'
import { limit } from './limit'
import { type LoadOptions, load } from './load'
import { type Pipeline, pixelBytes, writePixels } from './pipeline'
import type { ImageSource, SourceImage } from './source'

/**
 * Reads samples into a batch, from place `slot` on, with their labels and numbers; resolves to what is wrong with each,
 * undefined for a good one.
 */
export type ReadSamples = (
  indices: readonly number[],
  batch: ImageBatch,
  slot: number,
) => Promise<(string | undefined)[]>

export interface SampleReaderOptions {
  pipeline: Pipeline
  /** Samples that may be under way at once. */
  parallel: number
  /** Once aborted, no further sample is started. */
  signal: AbortSignal
}

/** Decodes in the threads of this process and does the rest in this one. */
export function sampleReader(source: ImageSource, { pipeline, parallel, signal }: SampleReaderOptions): ReadSamples {
  const inTurn = limit(parallel)
  const bytes = pixelBytes(pipeline)
  const readOne = async (index: number, batch: ImageBatch, slot: number) => {
    signal.throwIfAborted()
    const data = await locate(source, index)
    const out = new Uint8ClampedArray(batch.images.buffer, slot * bytes, bytes)
    const reason = await readSample({ index, name: source.name(index), data }, pipeline, { out })
    if (reason === undefined) label(batch, slot, index, source)
    return reason
  }
  return (indices, batch, slot) => Promise.all(indices.map((index, i) => inTurn(() => readOne(index, batch, slot + i))))
}

/** A sample as its source gave it. */
export interface Sample {
  index: number
  /** What messages call it. */
  name: string
  data: SourceImage
}

/** Writes the bytes of one sample to `out`; resolves to what is wrong with a bad picture, else to nothing. */
export async function readSample(
  { index, name, data }: Sample,
  pipeline: Pipeline,
  { out, read }: { out: Uint8ClampedArray; read?: LoadOptions['read'] },
): Promise<string | undefined> {
  try {
    writePixels(pipeline, await load(data, { name, enough: pipeline.enough, read }), index, out)
    return undefined
  } catch (error) {
    if (error instanceof BadImageError) return error.message
    throw error
  }
}

/** Asks the source for a sample. */
export async function locate(source: ImageSource, index: number): Promise<SourceImage> {
  return source.read(index).catch((cause: Error) => {
    throw new DatasetError(`cannot read ${source.name(index)}: ${cause.message}`, { cause })
  })
}

export function label(batch: ImageBatch, slot: number, index: number, source: ImageSource): void {
  batch.labels[slot] = source.labels[index]!
  batch.indices[slot] = index
}
