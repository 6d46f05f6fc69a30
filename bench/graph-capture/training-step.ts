import type * as tfjs from '@tensorflow/tfjs-node'
import type { Subject } from './compare'

/**
 * Gives a whole training step of a classifier: forward, loss, backward, optimizer. It returns the loss, and assigns the
 * weights, the running statistics and what the optimizer remembers.
 */
export function trainingStep(
  tf: typeof tfjs,
  model: tfjs.LayersModel,
  images: tfjs.Tensor,
  labels: tfjs.Tensor,
): Subject {
  const variables = (list: tfjs.LayersModel['weights']) => list.map((weight) => weight.read() as tfjs.Variable)
  const trainable = variables(model.trainableWeights)
  const optimizer = tf.train.momentum(0.05, 0.9, true)
  const run = () => {
    const loss = () =>
      tf.losses.softmaxCrossEntropy(labels, model.apply(images, { training: true }) as tfjs.Tensor) as tfjs.Scalar
    const { value, grads } = tf.variableGrads(loss, trainable)
    optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })))
    return [value]
  }
  // tfjs makes the optimizer's variables in the first step.
  tf.tidy(() => {
    run()
  })
  return { inputs: [images, labels, ...variables(model.weights), ...stateOf(optimizer)], run: () => tf.tidy(run) }
}

/** Learning rate, momentum and accumulators: tfjs keeps them from users of its types. */
function stateOf(optimizer: object): tfjs.Tensor[] {
  const { c, m, accumulations } = optimizer as {
    c: tfjs.Scalar
    m: tfjs.Scalar
    accumulations: { variable: tfjs.Variable }[]
  }
  return [c, m, ...accumulations.map(({ variable }) => variable)]
}
