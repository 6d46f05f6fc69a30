import { cosine } from '@bag-of-tricks/cosine-schedule'
import { smoothLabels } from '@bag-of-tricks/label-smoothing'
import { setLearningRate } from '@bag-of-tricks/lr-callback'
import { warmup } from '@bag-of-tricks/lr-warmup'
import { mixup } from '@bag-of-tricks/mixup'
import * as tf from '@tensorflow/tfjs'
import type { Digits } from './digits'

export interface Epoch {
  /** Mean over the epoch's steps. */
  loss: number
  /** Share of the held-back digits that are told right. */
  accuracy: number
}

const batchSize = 50
const classes = 10

/** Trains a small convolutional network and gives each epoch as it ends. */
export async function* train(digits: Digits, heldBack: Digits, epochs: number): AsyncGenerator<Epoch> {
  const model = makeNetwork()
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
  const optimizer = tf.train.momentum(0.1, 0.9)
  const steps = digits.images.shape[0] / batchSize
  const schedule = warmup(steps, cosine(0.1, (epochs - 1) * steps))
  for (let epoch = 0; epoch < epochs; epoch++) {
    let total = 0
    for (let step = 0; step < steps; step++) {
      setLearningRate(optimizer, schedule(epoch * steps + step))
      total += tf.tidy(() => {
        const images = tf.slice(digits.images, step * batchSize, batchSize)
        const labels = tf.slice(digits.labels, step * batchSize, batchSize)
        const mixed = mixup(tf, images, labels)
        const targets = smoothLabels(tf, mixed.labels, classes)
        const loss = () => {
          const logits = model.apply(mixed.images, { training: true }) as tf.Tensor2D
          return tf.losses.softmaxCrossEntropy(targets, logits) as tf.Scalar
        }
        return optimizer.minimize(loss, true, variables)!.dataSync()[0]!
      })
      // Lets the page draw.
      await tf.nextFrame()
    }
    yield { loss: total / steps, accuracy: accuracyOf(model, heldBack) }
  }
}

function makeNetwork(): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 8, kernelSize: 5, strides: 2, activation: 'relu' }),
      tf.layers.conv2d({ filters: 16, kernelSize: 3, strides: 2, activation: 'relu' }),
      tf.layers.flatten(),
      tf.layers.dense({ units: classes }),
    ],
  })
}

function accuracyOf(model: tf.LayersModel, { images, labels }: Digits): number {
  return tf.tidy(() => {
    const answers = tf.argMax(model.predict(images) as tf.Tensor2D, 1)
    return tf.mean(tf.cast(tf.equal(answers, tf.argMax(labels, 1)), 'float32')).dataSync()[0]!
  })
}
