import type { LayersModel, Tensor } from '@tensorflow/tfjs-node'
import type { TensorFlow } from '../device'

/** What of a step is made infinite: the pictures, so that loss, gradients and statistics are; or the gradients alone. */
export type Spoil = 'pictures' | 'gradients'

/**
 * Spoils some steps of a training, counted from `first`: as a transient fault would, nothing of it stays in the network.
 *
 * @returns The same network.
 */
export function spoilSteps(
  tf: TensorFlow,
  model: LayersModel,
  { spoil = 'pictures', isSpoiled, first = 0 }: { spoil?: Spoil; isSpoiled: (step: number) => boolean; first?: number },
): LayersModel {
  const apply = model.apply.bind(model)
  const infiniteGradient = tf.customGrad((x) => {
    const logits = x as Tensor
    return { value: tf.clone(logits), gradFunc: (dy) => tf.mul(dy as Tensor, Number.POSITIVE_INFINITY) }
  })
  let step = first
  model.apply = (input, options) => {
    if (options?.training !== true || !isSpoiled(step++)) return apply(input, options)
    if (spoil === 'gradients') return infiniteGradient(apply(input, options) as Tensor)
    return apply(tf.mul(input as Tensor, Number.POSITIVE_INFINITY), options)
  }
  return model
}
