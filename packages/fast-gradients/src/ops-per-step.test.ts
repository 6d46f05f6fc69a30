import { resnet } from '@bag-of-tricks/resnet-tweaks'
import * as tf from '@tensorflow/tfjs-node'
import { expect, test } from 'vitest'
import { enableFastGradients, momentum, softmaxCrossEntropy } from './index'

interface Binding {
  executeOp(op: string, ...rest: unknown[]): unknown
}

/** Counts by name the TensorFlow ops that run meanwhile. */
function opsOf(run: () => void): Map<string, number> {
  const backend = tf.backend() as unknown as { binding: Binding }
  const { binding } = backend
  const counts = new Map<string, number>()
  const executeOp: Binding['executeOp'] = (op, ...rest) => {
    counts.set(op, (counts.get(op) ?? 0) + 1)
    return binding.executeOp(op, ...rest)
  }
  backend.binding = Object.create(binding, { executeOp: { value: executeOp } })
  try {
    run()
  } finally {
    backend.binding = binding
  }
  return counts
}

// Variant D has two convolutions and norms more, and average poolings.
test.each([
  ['B', 300],
  ['D', 310],
] as const)(
  'a training step of ResNet-50-%s is at most %i ops that compute something: none for each weight',
  (variant, most) => {
    expect(enableFastGradients(tf)).toEqual({ fusedOps: true })
    const initializer = () => tf.initializers.zeros()
    const model = resnet(tf, { depth: 50, variant, classes: 10, inputShape: [224, 224, 3], initializer })
    const weights = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
    const optimizer = momentum(tf, { rate: 0.1, decay: 1e-4 })
    const images = tf.ones([2, 224, 224, 3])
    const labels = tf.oneHot([0, 1], 10, 1, 0, 'float32') as tf.Tensor2D
    const loss = () =>
      tf.mean(softmaxCrossEntropy(tf, labels, model.apply(images, { training: true }) as tf.Tensor2D)) as tf.Scalar
    const step = () =>
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(loss, weights)
        optimizer.applyGradients(weights.map(({ name }) => ({ name, tensor: grads[name]! })))
        value.dataSync()
      })
    // The first makes the velocities.
    step()
    step()
    const ops = opsOf(step)
    // A reshape gives the same memory another shape: three around each product that stands for a convolution, some more in means.
    const { Reshape: reshapes = 0, ...computing } = Object.fromEntries(ops)
    const total = Object.values(computing).reduce((sum, count) => sum + count)
    expect(total, JSON.stringify(computing)).toBeLessThanOrEqual(most)
    expect(reshapes).toBeLessThanOrEqual(3 * ops.get('MatMul')! + 10)
    expect(ops.get('BagOfTricksMomentum')).toBe(1)
  },
)
