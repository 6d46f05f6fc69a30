import { writeFileSync } from 'node:fs'
import { connect } from '@bag-of-tricks/all-reduce'
import {
  enableFastGradients,
  fusedBatchNormalization,
  momentum,
  softmaxCrossEntropy,
} from '@bag-of-tricks/fast-gradients'
import { resnet } from '@bag-of-tricks/resnet-tweaks'
import * as tf from '@tensorflow/tfjs-node'

// twenty-steps.ts own|ranks FILE: trains a small ResNet on batches of which each rank takes its part, with batch norm over its own
// part or over those of all ranks. Writes all weights and moving statistics.

const [norm, file] = process.argv.slice(2)
const [batch, size, classes] = [8, 64, 4]
// Where the sign of what a ReLU is given hangs on rounding, two trainings part soon after: with this seed none does.
const seed = 2
enableFastGradients(tf)
const ranks = await connect()
const batchNormalization = fusedBatchNormalization(tf, norm === 'ranks' ? { ranks } : {})
const model = resnet(tf, { depth: 18, width: 4, classes, inputShape: [size, size, 3], seed, batchNormalization })
const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
const optimizer = momentum(tf, { rate: 0.001, decay: 1e-4 })

for (let step = 0; step < 20; step++) {
  const gradients = tf.tidy(() => gradientsOf(...partOf(step)))
  const means = await ranks.allReduce(gradients)
  tf.tidy(() =>
    optimizer.applyGradients(variables.map(({ name, shape }, i) => ({ name, tensor: tf.tensor(means[i]!, shape) }))),
  )
}
const weights = model.getWeights().flatMap((weight) => [...weight.dataSync()])
writeFileSync(`${file}${ranks.rank}`, JSON.stringify(weights))
await ranks.close()

/** The same batch on every rank, whose classes have brightnesses of their own; of it this rank's part. */
function partOf(step: number): [tf.Tensor4D, tf.Tensor2D] {
  const labels = tf.range(0, batch).mod(tf.scalar(classes)).toInt() as tf.Tensor1D
  const noise = tf.randomNormal([batch, size, size, 3], 0, 1, 'float32', 100 * seed + step)
  const images = noise.add(labels.toFloat().reshape([batch, 1, 1, 1])) as tf.Tensor4D
  const own = batch / ranks.size
  return [images.slice(ranks.rank * own, own), tf.oneHot(labels, classes).slice(ranks.rank * own, own) as tf.Tensor2D]
}

function gradientsOf(images: tf.Tensor4D, targets: tf.Tensor2D): Float32Array[] {
  const loss = () =>
    tf.mean(softmaxCrossEntropy(tf, targets, model.apply(images, { training: true }) as tf.Tensor2D)) as tf.Scalar
  const { grads } = tf.variableGrads(loss, variables)
  return variables.map(({ name }) => grads[name]!.dataSync<'float32'>())
}
