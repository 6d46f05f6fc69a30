import type { LayersModel, Tensor, Variable } from '@tensorflow/tfjs-node'
import type { TensorFlow } from '../device'

/**
 * Tells of each weight's gradient when the backward pass has come to it, instead of at the end of the pass.
 *
 * Layers read a weight where they use it; there it goes through an op that changes nothing and whose gradient function tells.
 * A weight that is used twice has two gradients, of which neither is the whole.
 *
 * @returns What ends the watch.
 */
export function watchGradients(
  tf: TensorFlow,
  weights: LayersModel['trainableWeights'],
  tell: (weight: string, gradient: Tensor) => void,
): () => void {
  for (const weight of weights) {
    const { name } = weight.read() as Variable
    const watched = tf.customGrad((x) => ({
      value: tf.clone(x as Tensor),
      gradFunc(dy) {
        tell(name, dy as Tensor)
        return dy as Tensor
      },
    }))
    const read = weight.read.bind(weight)
    weight.read = () => watched(read()) as ReturnType<typeof read>
  }
  return () => {
    // Below lies the method of all weights.
    for (const weight of weights) delete (weight as Partial<typeof weight>).read
  }
}
