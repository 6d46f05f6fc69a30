import { cosine } from '@bag-of-tricks/cosine-schedule'
import { enableFastGradients } from '@bag-of-tricks/fast-gradients'
import { smoothLabels } from '@bag-of-tricks/label-smoothing'
import { learningRateCallback } from '@bag-of-tricks/lr-callback'
import { warmup } from '@bag-of-tricks/lr-warmup'
import * as tf from '@tensorflow/tfjs-node'
import { loadDigits } from '../digits'
import { makeNetwork } from '../network'

enableFastGradients(tf)
const [epochs = 5, seed = 1] = process.argv.slice(2).map(Number)
const batchSize = 64
const { images, labels, heldBack } = loadDigits(2048)
const steps = images.shape[0] / batchSize

const model = makeNetwork(seed)
const optimizer = tf.train.momentum(0.01, 0.9)
model.compile({ optimizer, loss: (y, logits) => tf.losses.softmaxCrossEntropy(y, logits), metrics: ['accuracy'] })

let started = performance.now()
const print: tf.CustomCallbackArgs = {
  onEpochEnd: async (epoch, logs) => {
    console.log(`epoch ${epoch}: loss ${logs!.loss}, ${(performance.now() - started) / steps} ms a step`)
    started = performance.now()
  },
}
const schedule = learningRateCallback(optimizer, warmup(steps, cosine(0.05, (epochs - 1) * steps)))
const targets = smoothLabels(tf, labels, 10)
await model.fit(images, targets, { epochs, batchSize, shuffle: false, verbose: 0, callbacks: [print, schedule] })

const [, accuracy] = model.evaluate(heldBack.images, heldBack.labels) as tf.Scalar[]
console.log(`held back: ${accuracy!.dataSync()[0]}`)
