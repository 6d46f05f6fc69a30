import type * as core from '@tensorflow/tfjs-core'
import type * as layers from '@tensorflow/tfjs-layers'
import { normalizeBatch } from './kernels/batch-normalization'
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
 * Inference, an axis other than the last and other backends are passed on to the stock `call`.
 */
export function fusedCall(tf: TensorFlow, stock: Call): Call {
  return function call(this: Layer, inputs, kwargs) {
    const layer = this as unknown as BatchNormalization
    const x = Array.isArray(inputs) ? inputs[0]! : inputs
    const channelsLast = layer.axis === -1 || layer.axis === x.rank - 1
    if (!kwargs.training || !channelsLast || x.rank < 2 || !isNodeBackend(tf)) return stock.call(this, inputs, kwargs)
    return tf.tidy(() => trainingCall(tf, layer, x))
  }
}

function trainingCall(tf: TensorFlow, layer: BatchNormalization, x: core.Tensor): core.Tensor {
  const channels = x.shape[x.rank - 1]!
  const { epsilon, momentum } = layer
  const tensors = {
    x,
    gamma: layer.gamma?.read() ?? tf.ones([channels]),
    beta: layer.beta?.read() ?? tf.zeros([channels]),
    movingMean: layer.movingMean.read(),
    movingVariance: layer.movingVariance.read(),
  }
  const { y, movingMean, movingVariance } = normalizeBatch(tf, tensors, { epsilon, momentum })
  layer.movingMean.write(movingMean)
  layer.movingVariance.write(movingVariance)
  return y
}
