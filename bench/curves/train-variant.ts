// One variant: trains ResNet-50 on tfjs-node and prints the losses as a line of JSON.
import { parseArgs } from 'node:util'
import { cosine } from '@bag-of-tricks/cosine-schedule'
import { type ImageSource, imageFolder, imagenetMean, imagenetStd, trainBatches } from '@bag-of-tricks/image-dataset'
import { scaleLearningRate } from '@bag-of-tricks/lr-scaling'
import { warmup } from '@bag-of-tricks/lr-warmup'
import { resnet } from '@bag-of-tricks/resnet-tweaks'
import type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-node'
import { bundledDigits } from '../../examples/imagenet/src/digits'
import { ourEngine, stockEngine } from '../step/contenders/engine'
import { openTensorflow, versionsOf } from '../step/contenders/open-tensorflow'
import { type Variant, variants } from './variants'

const { values } = parseArgs({
  options: {
    variant: { type: 'string', default: 'stock' },
    data: { type: 'string' },
    size: { type: 'string', default: '64' },
    batch: { type: 'string', default: '32' },
    steps: { type: 'string', default: '200' },
  },
})
const [size, batch, steps] = [Number(values.size), Number(values.batch), Number(values.steps)]
const seed = 0
const tf = openTensorflow('cpu')
const settings = variants[values.variant as Variant]
const rate = scaleLearningRate(0.1, batch)
const warmupSteps = Math.ceil(steps / 5)
const schedule = warmup(warmupSteps, cosine(rate, Math.max(1, steps - warmupSteps)))
const engine = settings ? ourEngine(tf, { ...settings, rate }) : stockEngine(tf, rate)
const source: ImageSource = values.data ? await imageFolder(values.data) : bundledDigits()
const classes = source.classes.length
const model = resnet(tf, { depth: 50, classes, variant: 'B', zeroGamma: true, inputShape: [size, size, 3], seed })
const variables = model.trainableWeights.map((weight) => weight.read() as Variable)
const order = <T extends Tensor>(batch: T): T => (values.variant === 'reordered' ? tf.reverse(batch, 0) : batch)
const losses: number[] = []

function step(bytes: Uint8Array, shape: [number, number, number, 3], labels: Int32Array): number {
  engine.optimizer.setLearningRate(schedule(losses.length))
  return tf.tidy(() => {
    const pixels = tf.cast(tf.tensor4d(bytes, shape, 'int32'), 'float32')
    const images = order(tf.div(tf.sub(pixels, tf.tensor1d([...imagenetMean])), tf.tensor1d([...imagenetStd])))
    const oneHot = order(tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), classes), 'float32') as Tensor2D)
    const { value, grads } = tf.variableGrads(() => {
      const logits = engine.forward(() => model.apply(images, { training: true }) as Tensor2D)
      return tf.mean(engine.losses(oneHot, logits))
    }, variables)
    engine.update(variables, grads)
    return value.dataSync()[0]!
  })
}

for (let epoch = 0; losses.length < steps; epoch++) {
  for await (const { images, labels, shape } of trainBatches(source, { batch, transform: { size }, seed, epoch })) {
    losses.push(step(images, shape, labels))
    if (losses.length === steps) break
  }
}
console.log(JSON.stringify({ losses, versions: versionsOf(tf) }))
