import type * as layers from '@tensorflow/tfjs-layers'
import { batchNormalizationPrototype, fusedCall } from './batch-normalization-layer'
import { registerBatchNormalization } from './enable'
import type { Ranks } from './global-moments'
import { requireNodeBackend, type TensorFlow } from './tensorflow'

export interface FusedBatchNormalizationOptions {
  /**
   * Processes whose batches are normalized together, as one batch: mean, variance, the sums of the backward pass and the running
   * statistics are those over all of them. They block in each layer until all are there. Gradients of γ and β stay those of
   * this process's batch, to be averaged like all others. @default this process alone
   */
  ranks?: Ranks
}

type BatchNormalizationFactory = typeof layers.layers.batchNormalization

/**
 * Gives a factory of batch normalization layers that train with one native op forward and one backward.
 *
 * For those who want it in one model and the rest of the process left as it is; `enableFastGradients` does the same to
 * every stock layer. The layers are tfjs's own, saved and loaded as `BatchNormalization`; `scale: false` and
 * `center: false`, which crash stock tfjs in training, work.
 *
 * @param tf `@tensorflow/tfjs-node` or `@tensorflow/tfjs-node-gpu`; another backend in use is an error naming it.
 *
 * @example
 * const batchNormalization = fusedBatchNormalization(tf)
 * batchNormalization({ epsilon: 1e-5, momentum: 0.9 }).apply(tf.ones([2, 1, 1, 3]), { training: true }).shape // => [2, 1, 1, 3]
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.SyncBatchNorm.html for batches normalized over processes
 */
export function fusedBatchNormalization(
  tf: TensorFlow,
  { ranks }: FusedBatchNormalizationOptions = {},
): BatchNormalizationFactory {
  requireNodeBackend(tf, 'fusedBatchNormalization')
  registerBatchNormalization(tf)
  const call = fusedCall(tf, batchNormalizationPrototype(tf).call, ranks)
  return (config) => {
    const layer = tf.layers.batchNormalization(config)
    layer.call = call
    return layer
  }
}
