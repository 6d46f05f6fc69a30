import { checkWhole } from './check'
import { DatasetError } from './errors'
import type { BadImage, Filled, ImageBatch } from './image-batch'
import { prefetch } from './prefetch'
import { type ReadSample, type SampleReaderOptions, sampleReader } from './sample-reader'
import type { ImageSource } from './source'

export interface BatchOptions {
  /** Pictures in a batch. */
  batch: number
  /** Batches prepared ahead of the one handed out. @default 2 */
  prefetch?: number
  /**
   * Hears of each bad picture once, before the batch that lacks it; may throw to end the iteration.
   * @default a bad picture ends the iteration
   */
  onBad?: (bad: BadImage) => void
}

export interface Plan {
  /** First batch and the one past the last. */
  first: number
  end: number
  /** Pixels of the short side from which on more would not be seen in the result. */
  enough: number
  transform: SampleReaderOptions['transform']
  /** Fills batch number `index`. */
  fill(index: number, read: ReadSample): Promise<Filled>
}

/** Carries out a plan: reads ahead, reports bad pictures in the order of batches, stops when the consumer does. */
export async function* deliver(
  source: ImageSource,
  options: BatchOptions,
  plan: Plan,
): AsyncGenerator<ImageBatch, void, undefined> {
  const stop = new AbortController()
  const read = sampleReader(source, {
    // A batch at once: while the consumer computes, this many pictures are decoded without its help.
    parallel: Math.max(options.batch, 16),
    enough: Math.max(plan.enough, 512),
    transform: plan.transform,
    signal: stop.signal,
  })
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

export function checkBatchOptions(source: ImageSource, { batch, prefetch = 2 }: BatchOptions): void {
  checkWhole('batch', batch, 1)
  checkWhole('prefetch', prefetch, 1)
  if (source.length === 0) throw new DatasetError('there are no images: give a source with some')
}

function report(bad: BadImage, onBad: BatchOptions['onBad']): void {
  if (!onBad) throw new DatasetError(`${bad.name}: ${bad.reason}; remove it, or pass onBad to leave bad images out`)
  onBad(bad)
}
