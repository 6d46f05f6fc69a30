import { resnet } from '@bag-of-tricks/resnet-tweaks'
import * as tf from '@tensorflow/tfjs-node'
import { afterEach, expect, test } from 'vitest'
import { disableFastGradients, enableFastGradients, momentum, softmaxCrossEntropy } from './index'

afterEach(() => {
  disableFastGradients(tf)
  tf.disposeVariables()
})

const distance = (a: Float32Array, b: Float32Array) => {
  const norm = (values: (i: number) => number) => Math.sqrt(a.reduce((sum, _, i) => sum + values(i) ** 2, 0))
  return norm((i) => a[i]! - b[i]!) / norm((i) => b[i]!)
}

// Stock tfjs is its own yardstick: the pictures of the batch in reverse are the same sums in another order, and fifty layers of
// ReLU turn rounding into a hundredth. A tenth of the last γ in each block is where they amplify least.
function gradients(reversed = false): Float32Array[] {
  const model = resnet(tf, { depth: 50, variant: 'D', classes: 10, inputShape: [64, 64, 3], seed: 1 })
  for (const { name, layer } of model.layers.map((layer) => ({ name: layer.name, layer }))) {
    if (!/^layer\d_\d+_bn3$/.test(name)) continue
    const [gamma, ...others] = layer.getWeights()
    layer.setWeights([tf.mul(gamma!, 0.1), ...others])
  }
  const inOrder = (x: tf.Tensor) => (reversed ? tf.reverse(x, 0) : x)
  const images = inOrder(tf.randomNormal([8, 64, 64, 3], 0, 1, 'float32', 5))
  const labels = inOrder(tf.oneHot(tf.tensor1d([0, 1, 2, 3, 4, 5, 6, 7], 'int32'), 10))
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
  const { value, grads } = tf.variableGrads(
    () => tf.losses.softmaxCrossEntropy(labels, model.apply(images, { training: true }) as tf.Tensor) as tf.Scalar,
    variables,
  )
  const found = [value, ...variables.map(({ name }) => grads[name]!)].map((tensor) => tensor.dataSync() as Float32Array)
  tf.dispose([value, grads])
  model.dispose()
  tf.disposeVariables()
  return found
}

test('every gradient of ResNet-50-D is as near to stock tfjs as stock is to itself with the batch in reverse', {
  timeout: 120_000,
}, () => {
  const stock = gradients()
  const spread = (others: Float32Array[]) => {
    const distances = others.map((gradient, i) => distance(gradient, stock[i]!)).sort((a, b) => a - b)
    return { median: distances[distances.length >> 1]!, largest: distances.at(-1)! }
  }
  const yardstick = spread(gradients(true))
  for (const fusedOps of [false, true]) {
    enableFastGradients(tf, { fusedOps })
    const { median, largest } = spread(gradients())
    expect(median).toBeLessThan(2 * yardstick.median)
    expect(largest).toBeLessThan(2 * yardstick.largest)
    disableFastGradients(tf)
  }
})

test('a training step of ResNet-50 is at most 300 ops that touch numbers', { timeout: 60_000 }, () => {
  enableFastGradients(tf)
  const model = resnet(tf, { depth: 50, variant: 'B', classes: 10, inputShape: [224, 224, 3], seed: 1 })
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
  const optimizer = momentum(tf, { rate: 0.01, decay: 1e-4 })
  const images = tf.randomNormal([1, 224, 224, 3])
  const labels = tf.tensor2d([0].map((k) => Array.from({ length: 10 }, (_, i) => Number(i === k))))
  const step = () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(
        () => tf.mean(softmaxCrossEntropy(tf, labels, model.apply(images, { training: true }) as tf.Tensor2D)),
        variables,
      )
      optimizer.applyGradients(variables.map(({ name }) => ({ name, tensor: grads[name]! })))
      value.dataSync()
    })
  step()
  const backend = tf.backend() as unknown as { binding: { executeOp(op: string, ...rest: unknown[]): unknown } }
  const { binding } = backend
  const ops: string[] = []
  const executeOp = (op: string, ...rest: unknown[]) => {
    ops.push(op)
    return binding.executeOp(op, ...rest)
  }
  backend.binding = Object.create(binding, { executeOp: { value: executeOp } })
  step()
  backend.binding = binding
  // A reshape copies nothing.
  const touching = ops.filter((op) => op !== 'Reshape')
  expect(touching.length).toBeLessThanOrEqual(300)
})
