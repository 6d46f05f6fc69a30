import { enableFastGradients } from '@bag-of-tricks/fast-gradients'
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

for (let epoch = 0; epoch < epochs; epoch++) {
  const started = performance.now()
  let total = 0
  for (let step = 0; step < steps; step++) {
    total += tf.tidy(() => {
      const x = images.slice(step * batchSize, batchSize)
      const y = labels.slice(step * batchSize, batchSize)
      const loss = () => {
        const logits = model.apply(x, { training: true }) as tf.Tensor2D
        return tf.losses.softmaxCrossEntropy(y, logits) as tf.Scalar
      }
      return optimizer.minimize(loss, true)!.dataSync()[0]!
    })
  }
  console.log(`epoch ${epoch}: loss ${total / steps}, ${(performance.now() - started) / steps} ms a step`)
}

const predicted = tf.argMax(model.predict(heldBack.images) as tf.Tensor2D, 1)
const right = tf.equal(predicted, tf.argMax(heldBack.labels, 1))
console.log(`held back: ${tf.mean(right).dataSync()[0]}`)
