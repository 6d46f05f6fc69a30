import type * as core from '@tensorflow/tfjs-core'
import type * as layers from '@tensorflow/tfjs-layers'
import type { Ranks } from './global-moments'
import { normalizeBatch } from './kernels/batch-normalization'
import { synchronizedBatch } from './synchronized-batch'
import { isNodeBackend, type TensorFlow } from './tensorflow'

type Layer = ReturnType<typeof layers.layers.batchNormalization>
type Call = Layer['call']

/** The fields of tfjs-layers' BatchNormalization read here; they are private in its types. */
interface BatchNormalization {
  readonly axis: number
  readonly momentum: number
  readonly epsilon: number
  readonly gamma?: layers.LayerVariable
  readonly beta?: layers.LayerVariable
  readonly movingMean: layers.LayerVariable
  readonly movingVariance: layers.LayerVariable
}

/** Finds the prototype of tfjs-layers' BatchNormalization, a class it does not export. */
export function batchNormalizationPrototype(tf: TensorFlow): { call: Call } {
  // A name of its own: an unnamed layer would advance the counter behind the names of the user's layers.
  return Object.getPrototypeOf(tf.layers.batchNormalization({ name: 'fast-gradients' })) as { call: Call }
}

/**
 * Gives a `call` for tfjs-layers' BatchNormalization that trains with one native op forward and one backward.
 *
 * Inference, an axis other than the last and other backends are passed on to the stock `call`; over ranks the last two, which
 * would train by each rank's own batch, throw.
 */
export function fusedCall(tf: TensorFlow, stock: Call, ranks?: Ranks): Call {
  const normalize = ranks && ranks.size > 1 ? synchronizedBatch(ranks) : normalizeBatch
  return function call(this: Layer, inputs, kwargs) {
    const layer = this as unknown as BatchNormalization
    const x = Array.isArray(inputs) ? inputs[0]! : inputs
    const channelsLast = layer.axis === -1 || layer.axis === x.rank - 1
    const native = channelsLast && x.rank >= 2 && isNodeBackend(tf)
    if (kwargs.training && native) return tf.tidy(() => trainingCall(tf, layer, x, normalize))
    if (kwargs.training && normalize !== normalizeBatch) throw notOverRanks(tf, this, layer.axis)
    return stock.call(this, inputs, kwargs)
  }
}

function notOverRanks(tf: TensorFlow, { name }: Layer, axis: number): Error {
  return new Error(
    `${name}: batch normalization over ranks takes axis -1 and the backend 'tensorflow', got ${axis} and '${tf.getBackend()}'`,
  )
}

function trainingCall(
  tf: TensorFlow,
  layer: BatchNormalization,
  x: core.Tensor,
  normalize: typeof normalizeBatch,
): core.Tensor {
  const channels = x.shape[x.rank - 1]!
  const { epsilon, momentum } = layer
  const tensors = {
    x,
    gamma: layer.gamma?.read() ?? tf.ones([channels]),
    beta: layer.beta?.read() ?? tf.zeros([channels]),
    movingMean: layer.movingMean.read(),
    movingVariance: layer.movingVariance.read(),
  }
  const { y, movingMean, movingVariance } = normalize(tf, tensors, { epsilon, momentum })
  layer.movingMean.write(movingMean)
  layer.movingVariance.write(movingVariance)
  return y
}
