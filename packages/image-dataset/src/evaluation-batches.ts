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
 * The last batch may be shorter, and so is one with a bad picture: no picture counts twice.
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
  const { batch, transform } = options
  checkEvaluation(transform)
  checkBatchOptions(source, options)
  return deliver(source, options, {
    first: 0,
    end: Math.ceil(source.length / batch),
    pipeline: { treatment: { kind: 'evaluation', transform }, enough: enoughToEvaluate(transform.resize) },
    fill: (index, read) =>
      fillInOrder(index * batch, Math.min((index + 1) * batch, source.length), transform.size, read),
  })
}
