import type * as core from '@tensorflow/tfjs-core'
import type { Moments, Ranks } from './global-moments'
import { type NormTensors, normalizeBatch } from './kernels/batch-normalization'
import { type SynchronizedNorm, synchronizedNorm } from './synchronized-norm'
import type { TensorFlow } from './tensorflow'

/**
 * Gives a `normalizeBatch` by the mean and variance of the batches of all ranks together.
 *
 * It is a norm by this rank's own statistics, with a γ and a β that make up for the difference, so that the ops that run in one
 * with a norm still do. Two numbers per channel go to the other ranks on the way forward, and two on the way back.
 */
export function synchronizedBatch(ranks: Ranks): typeof normalizeBatch {
  return (tf, inputs, { epsilon, momentum }) => {
    let norm!: SynchronizedNorm
    const adapted = tf.customGrad((...args) => {
      const [x, gamma, beta, save] = args as unknown as [core.Tensor, core.Tensor, core.Tensor, core.GradSaveFunc]
      norm = synchronizedNorm(ranks, momentsOf(tf, inputs), { gamma: read(gamma), beta: read(beta) }, epsilon)
      save([x])
      const gradFunc = (d: core.Tensor, [x]: core.Tensor[]) => tf.tidy(() => backward(tf, norm, epsilon, d, x!))
      return { value: tf.stack([tf.tensor1d(norm.adapted.gamma), tf.tensor1d(norm.adapted.beta)]), gradFunc }
    })(inputs.x, inputs.gamma, inputs.beta)
    const [gamma, beta] = tf.unstack(adapted)
    const { y } = normalizeBatch(tf, { ...inputs, gamma: gamma!, beta: beta! }, { epsilon, momentum })
    const moved = (moving: core.Tensor, batch: ArrayLike<number>) =>
      tf.tensor1d(read(moving).map((old, c) => momentum * old + (1 - momentum) * batch[c]!))
    const { mean, variance } = norm.all
    return { y, movingMean: moved(inputs.movingMean, mean), movingVariance: moved(inputs.movingVariance, variance) }
  }
}

/** Gives dγ, dβ, and of dx what the norm by this rank's statistics does not. */
function backward(tf: TensorFlow, norm: SynchronizedNorm, epsilon: number, d: core.Tensor, x: core.Tensor) {
  const [dgamma, dbeta] = tf.unstack(d)
  const { gradients, missing } = norm.backward({ gamma: read(dgamma!), beta: read(dbeta!) })
  const { mean, variance } = norm.own
  const vectors = [mean, variance, missing.beta, missing.gamma].map((numbers) => tf.tensor1d(numbers as Float32Array))
  const [pictures, [mu, sigma2, offset, scale]] = [tf.reshape(x, [-1, 1, 1, mean.length]), vectors]
  const dx = tf.batchNorm(pictures as core.Tensor4D, mu!, sigma2!, offset, scale, epsilon)
  return [tf.reshape(dx, x.shape), tf.tensor1d(gradients.gamma), tf.tensor1d(gradients.beta)]
}

/** Running statistics that keep nothing of what they were are those of the batch. */
function momentsOf(tf: TensorFlow, inputs: NormTensors): Moments {
  const { movingMean: mean, movingVariance: variance } = normalizeBatch(tf, inputs, { epsilon: 1, momentum: 0 })
  return { count: inputs.x.size / mean.size, mean: read(mean), variance: read(variance) }
}

function read(tensor: core.Tensor): Float32Array {
  return tensor.dataSync<'float32'>()
}
