import { setMaxListeners } from 'node:events'
import { checkWhole } from './check'
import { DatasetError } from './errors'
import type { BadImage, Filled, ImageBatch } from './image-batch'
import type { Pipeline } from './pipeline'
import { prefetch } from './prefetch'
import { type ReadSamples, sampleReader } from './sample-reader'
import type { ImageSource } from './source'
import type { DecodeWorkers } from './workers/decode-workers'
import { workerReader } from './workers/worker-reader'

export interface BatchOptions {
  /** Pictures in a batch. */
  batch: number
  /** Batches prepared ahead of the one handed out; memory holds these and one more. @default 2 */
  prefetch?: number
  /** Processes that decode and transform. @default this process, with sharp's threads */
  workers?: DecodeWorkers
  /**
   * Hears of each bad picture once, before the batch that lacks it; may throw to end the iteration.
   * @default a bad picture ends the iteration
   */
  onBad?: (bad: BadImage) => void
  /** Which of several processes this is, counted from 0: each gets batches of its own. @default 0 */
  rank?: number
  /** How many there are. @default 1 */
  ranks?: number
}

export interface Plan {
  /** First batch and the one past the last. */
  first: number
  end: number
  pipeline: Pipeline
  /** Fills batch number `index`. */
  fill(index: number, read: ReadSamples): Promise<Filled>
}

/** Carries out a plan: reads ahead, reports bad pictures in the order of batches, stops when the consumer does. */
export async function* deliver(
  source: ImageSource,
  options: BatchOptions,
  plan: Plan,
): AsyncGenerator<ImageBatch, void, undefined> {
  const stop = new AbortController()
  // Each batch under way listens.
  setMaxListeners(0, stop.signal)
  const read = reader(source, options, plan.pipeline, stop.signal)
  const reported = new Set<number>()
  try {
    const make = (index: number) => plan.fill(index, read)
    for await (const { batch, bad, missing } of prefetch(plan.first, plan.end, options.prefetch ?? 2, make)) {
      for (const [index, reason] of bad) {
        if (!reported.has(index)) report({ name: source.name(index), reason }, options.onBad)
        reported.add(index)
      }
      if (missing > 0) {
        throw new DatasetError(
          `only ${source.length - bad.size} of ${source.length} images can be read: too few for a batch of ${options.batch}`,
        )
      }
      if (batch.labels.length > 0) yield batch
    }
  } finally {
    stop.abort()
  }
}

function reader(
  source: ImageSource,
  { batch, workers }: BatchOptions,
  pipeline: Pipeline,
  signal: AbortSignal,
): ReadSamples {
  if (workers) return workerReader(source, workers, { pipeline, signal })
  // A batch at once: while the consumer computes, this many pictures are decoded without its help.
  return sampleReader(source, { pipeline, signal, parallel: Math.max(batch, 16) })
}

export function checkBatchOptions(source: ImageSource, options: BatchOptions): void {
  const { batch, prefetch = 2, rank = 0, ranks = 1 } = options
  checkWhole('batch', batch, 1)
  checkWhole('prefetch', prefetch, 1)
  checkWhole('ranks', ranks, 1)
  checkWhole('rank', rank, 0)
  if (rank >= ranks) throw new RangeError(`rank must be below ranks, ${ranks}, got ${rank}`)
  if (source.length === 0) throw new DatasetError('there are no images: give a source with some')
}

function report(bad: BadImage, onBad: BatchOptions['onBad']): void {
  if (!onBad) throw new DatasetError(`${bad.name}: ${bad.reason}; remove it, or pass onBad to leave bad images out`)
  onBad(bad)
}
