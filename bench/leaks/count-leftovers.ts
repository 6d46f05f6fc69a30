import { autocast } from '@bag-of-tricks/autocast'
import { enableFastGradients, momentum, softmaxCrossEntropy } from '@bag-of-tricks/fast-gradients'
import { resnet } from '@bag-of-tricks/resnet-tweaks'
import * as tf from '@tensorflow/tfjs-node'
import type { LeaksOptions } from './bench-leaks'

const [size, batch, classes] = [32, 8, 10]

/** Trains ResNet-18 on noise, a new batch each step, and says ten times what is held. */
export function countLeftovers({ precision, steps }: LeaksOptions, say: (line: string) => void): void {
  enableFastGradients(tf)
  const step = trainStep(precision)
  const backend = tf.backend() as unknown as { getNumOfTFTensors(): number }
  const interval = Math.ceil(steps / 10)
  for (let i = 1; i <= steps; i++) {
    step()
    if (i % interval > 0 && i < steps) continue
    const memory = `${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB resident`
    say(`${i} steps: ${tf.memory().numTensors} tensors, ${backend.getNumOfTFTensors()} handles, ${memory}`)
  }
}

function trainStep(precision: LeaksOptions['precision']): () => void {
  const model = resnet(tf, { depth: 18, classes, inputShape: [size, size, 3], seed: 1 })
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
  const optimizer = momentum(tf, { rate: 0.001, decay: 1e-4 })
  return () =>
    tf.tidy(() => {
      const images = tf.randomNormal([batch, size, size, 3])
      const labels = tf.oneHot(tf.randomUniform([batch], 0, classes, 'int32'), classes) as tf.Tensor2D
      const forward = () => model.apply(images, { training: true }) as tf.Tensor2D
      const loss = () => {
        const logits = precision === 'float32' ? forward() : autocast(tf, precision, forward)
        return tf.mean(softmaxCrossEntropy(tf, labels, logits)) as tf.Scalar
      }
      const { value, grads } = tf.variableGrads(loss, variables)
      optimizer.applyGradients(variables.map(({ name }) => ({ name, tensor: grads[name]! })))
      value.dataSync()
    })
}
