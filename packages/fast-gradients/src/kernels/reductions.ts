import type * as core from '@tensorflow/tfjs-core'
import type { TensorFlow } from '../tensorflow'

/** Gives the gradients of sums and means: dy spread over what was summed, where stock tfjs uploads an array of ones. */
export function reductionGradients(tf: TensorFlow): core.GradConfig[] {
  const spread = (dy: core.Tensor, x: core.Tensor, axis: unknown, mean: boolean) => {
    const axes = tf.util.parseAxisParam(axis as number[], x.shape)
    const shape = x.shape.map((size, i) => (axes.includes(i) ? 1 : size))
    const count = axes.reduce((product, i) => product * x.shape[i]!, 1)
    const share = tf.reshape(mean ? tf.div(dy, count) : dy, shape)
    // tf.broadcastTo refuses shapes that hold nothing.
    if (x.size === 0) return tf.mul(share, tf.zeros(x.shape))
    return x.size === dy.size ? share : tf.broadcastTo(share, x.shape)
  }
  return ['Mean', 'Sum'].map((kernelName) => ({
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => ({
      x: () => spread(dy as core.Tensor, x!, (attrs as core.NamedAttrMap).axis, kernelName === 'Mean'),
    }),
  }))
}
