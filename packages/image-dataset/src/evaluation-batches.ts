import { type BatchOptions, checkBatchOptions, deliver } from './deliver'
import { checkEvaluation, type EvaluationTransform, enoughToEvaluate } from './evaluation-transform'
import { fillInOrder } from './fill'
import type { ImageBatch } from './image-batch'
import type { ImageSource } from './source'

export interface EvaluationBatchesOptions extends BatchOptions {
  transform: EvaluationTransform
}

/**
 * Yields every picture once, in the order of the source, resized and cut from the middle.
 *
 * The last batch may be shorter, and so is one with a bad picture: no picture counts twice. Several processes that say their
 * `rank` of `ranks` share the batches out.
 *
 * @example
 * for await (const { images, labels } of evaluationBatches(held, { batch: 64, transform: { size: 224, resize: 256 } })) {
 *   count(tf.tensor4d(images, [labels.length, 224, 224, 3], 'int32'), labels)
 * }
 */
export function evaluationBatches(
  source: ImageSource,
  options: EvaluationBatchesOptions,
): AsyncGenerator<ImageBatch, void, undefined> {
  const { batch, transform, rank = 0, ranks = 1 } = options
  checkEvaluation(transform)
  checkBatchOptions(source, options)
  return deliver(source, options, {
    first: 0,
    end: Math.ceil((Math.ceil(source.length / batch) - rank) / ranks),
    pipeline: { treatment: { kind: 'evaluation', transform }, enough: enoughToEvaluate(transform.resize) },
    fill(index, read) {
      const first = (index * ranks + rank) * batch
      return fillInOrder(first, Math.min(first + batch, source.length), transform.size, read)
    },
  })
}
