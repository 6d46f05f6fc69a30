import { checkWhole } from './check'
import { type BatchOptions, checkBatchOptions, deliver } from './deliver'
import { epochOrder } from './epoch-order'
import { DatasetError } from './errors'
import { fillExactly } from './fill'
import type { ImageBatch } from './image-batch'
import type { ImageSource } from './source'
import { resolveTrain, type TrainTransform } from './train-transform'

export interface TrainBatchesOptions extends BatchOptions {
  transform: TrainTransform
  seed: number
  /** Counted from 0. */
  epoch: number
  /** First batch, counted from 0, for a run that resumes in the middle of an epoch. @default 0 */
  start?: number
}

/**
 * Yields one epoch of shuffled, augmented batches: floor(source.length / batch) of them, all full.
 *
 * Several processes that say their `rank` of `ranks` follow one order: batch b of all of them together has the samples of
 * batch b of a single process with `ranks` times the batch.
 *
 * The bytes of batch b are a pure function of the pictures, the options, seed, epoch and b: neither threads nor `prefetch`
 * nor `start` change them. A bad picture is reported to `onBad` and left out; its batch takes the next good sample of the
 * order instead, which the following batch then repeats.
 *
 * @example
 * for await (const { images, labels } of trainBatches(train, { batch: 256, transform: { size: 224 }, seed: 0, epoch })) {
 *   step(tf.tensor4d(images, [256, 224, 224, 3], 'int32'), labels)
 * }
 */
export function trainBatches(
  source: ImageSource,
  options: TrainBatchesOptions,
): AsyncGenerator<ImageBatch, void, undefined> {
  const { batch, seed, epoch, start = 0, rank = 0, ranks = 1 } = options
  const transform = resolveTrain(options.transform)
  checkBatchOptions(source, options)
  checkWhole('start', start, 0)
  const order = epochOrder(source.length, { seed, epoch })
  const end = Math.floor(source.length / (batch * ranks))
  if (end === 0) {
    throw new DatasetError(
      `a batch of ${batch * ranks} is more than the ${source.length} images there are: take a smaller batch`,
    )
  }
  if (start > end) throw new RangeError(`start must be at most ${end}, the batches of an epoch, got ${start}`)
  return deliver(source, options, {
    first: start,
    end,
    pipeline: {
      treatment: { kind: 'train', transform, seed, epoch },
      // The smallest crop then still has more pixels than it is resized to.
      enough: Math.max(Math.ceil(transform.size * Math.sqrt(1.25 / transform.area[0])), 512),
    },
    fill: (index, read) => fillExactly(order, (index * ranks + rank) * batch, batch, transform.size, read),
  })
}
