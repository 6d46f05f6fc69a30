import type { NamedTensorMap } from '@tensorflow/tfjs-node'
import type { TensorFlow } from './device'

/**
 * What `unscale` gives, for gradients that were not scaled: the same tensors, and whether all of their entries are finite.
 *
 * An infinity or a NaN spoils every sum it is in, so one number is read from the device, however many tensors there are.
 * Call it inside `tf.tidy`.
 */
export function checkFinite(tf: TensorFlow, gradients: NamedTensorMap): { gradients: NamedTensorMap; finite: boolean } {
  const total = tf.addN(Object.values(gradients).map((gradient) => tf.sum(gradient)))
  return { gradients, finite: Number.isFinite(total.dataSync()[0]) }
}
