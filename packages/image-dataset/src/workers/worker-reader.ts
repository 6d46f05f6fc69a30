import type { Pipeline } from '../pipeline'
import { label, locate, type ReadSamples } from '../sample-reader'
import type { ImageSource } from '../source'
import type { DecodeWorkers } from './decode-workers'

export interface WorkerReaderOptions {
  pipeline: Pipeline
  /** Once aborted, workers leave out what they have not begun. */
  signal: AbortSignal
}

/** Has workers decode and transform. */
export function workerReader(source: ImageSource, workers: DecodeWorkers, options: WorkerReaderOptions): ReadSamples {
  const { pipeline, signal } = options
  return async (indices, batch, slot) => {
    signal.throwIfAborted()
    const samples = await Promise.all(
      indices.map(async (index) => ({ index, name: source.name(index), data: await locate(source, index) })),
    )
    const bytes = batch.images.length / batch.labels.length
    const into = batch.images.subarray(slot * bytes, (slot + samples.length) * bytes)
    const reasons = await workers.read(samples, { pipeline, into, signal })
    for (const [i, reason] of reasons.entries()) {
      if (reason === undefined) label(batch, slot + i, indices[i]!, source)
    }
    return reasons
  }
}
