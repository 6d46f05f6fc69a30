import type * as core from '@tensorflow/tfjs-core'
import { FLOAT, type NodeBackend } from './backend'
import { using } from './handle'
import { type Kernel, type KernelMaker, overrideKernel } from './kernels/kernel'
import { runOp } from './op'
import { requireNodeBackend, type TensorFlow } from './tensorflow'
import { emitHandle, holdValues, nativeValue } from './value'

const FORWARD = 'SoftmaxCrossEntropyWithLogits'

/**
 * Gives the cross-entropy of each row between soft labels and softmax(logits): −Σ labels · log softmax(logits).
 *
 * One op, which computes the gradient in the logits along; `tf.losses.softmaxCrossEntropy` takes about ten.
 *
 * @param labels `[batch, classes]`, each row a distribution: one-hot, smoothed or mixed.
 * @param logits `[batch, classes]`.
 * @returns One loss per row, `[batch]`.
 *
 * @example
 * // −log(e / (e + 1)) = 0.3133
 * softmaxCrossEntropy(tf, tf.tensor2d([[1, 0]]), tf.tensor2d([[1, 0]])) // => [0.31326166]
 */
export function softmaxCrossEntropy(tf: TensorFlow, labels: core.Tensor2D, logits: core.Tensor2D): core.Tensor1D {
  requireNodeBackend(tf, 'softmaxCrossEntropy')
  if (labels.rank !== 2 || labels.shape.join() !== logits.shape.join()) {
    throw new RangeError(
      `softmaxCrossEntropy: labels must be [batch, classes] like logits, got [${labels.shape}] and [${logits.shape}]`,
    )
  }
  if (!tf.getKernel(FORWARD, 'tensorflow')) register(tf)
  return tf.tidy(() => {
    // tf.oneHot gives integers.
    const inputs = { labels: tf.cast(labels, 'float32'), logits: tf.cast(logits, 'float32') }
    return (tf.engine().runKernel(FORWARD, inputs) as core.Tensor[])[0] as core.Tensor1D
  })
}

const forward: Kernel = (inputs, _, backend) => {
  const handles = [nativeValue(backend, inputs.logits!).as(FLOAT), nativeValue(backend, inputs.labels!).as(FLOAT)]
  const outputs = using(handles, () => runOp(backend, FORWARD, handles, 2, { T: { type: FLOAT } }))
  return outputs.map((handle) => emitHandle(backend, handle))
}

function register(tf: TensorFlow): void {
  holdValues(tf.backend() as unknown as NodeBackend)
  overrideKernel(tf, FORWARD, (() => forward) satisfies KernelMaker)
  tf.registerGradient({
    kernelName: FORWARD,
    inputsToSave: ['logits'],
    outputsToSave: [false, true],
    gradFunc: (dys, [logits, backprop]) => {
      const dy = tf.expandDims((dys as core.Tensor[])[0]!, 1)
      return {
        logits: () => tf.mul(dy, backprop!),
        labels: () => tf.neg(tf.mul(dy, tf.logSoftmax(logits!))),
      }
    },
  })
}
