// One contender: prints a line of JSON with the median time of a training step on tfjs-node.
import { parseArgs } from 'node:util'
import { enableFastGradients } from '@bag-of-tricks/fast-gradients'
import { resnet } from '@bag-of-tricks/resnet-tweaks'
import * as tf from '@tensorflow/tfjs-node'

const { values } = parseArgs({
  options: {
    fast: { type: 'boolean', default: false },
    size: { type: 'string', default: '224' },
    batch: { type: 'string', default: '16' },
    steps: { type: 'string', default: '5' },
  },
})
const [size, batch, steps] = [values.size, values.batch, values.steps].map(Number) as [number, number, number]
const warmupSteps = 2

if (values.fast) enableFastGradients(tf)
const model = resnet(tf, { depth: 50, variant: 'B', zeroGamma: true, inputShape: [size, size, 3], seed: 0 })
const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
const optimizer = tf.train.momentum(0.05, 0.9, true)
const images = tf.randomNormal([batch, size, size, 3], 0, 1, 'float32', 0)
const classes = Array.from({ length: batch }, (_, i) => (i * 37) % 1000)
const labels = tf.oneHot(tf.tensor1d(classes, 'int32'), 1000)

function step(): number {
  const started = performance.now()
  tf.tidy(() => {
    const { value, grads } = tf.variableGrads(() => {
      const logits = model.apply(images, { training: true }) as tf.Tensor2D
      return tf.losses.softmaxCrossEntropy(labels, logits) as tf.Scalar
    }, variables)
    optimizer.applyGradients(variables.map(({ name }) => ({ name, tensor: grads[name]! })))
    // Reading the loss waits for the step.
    value.dataSync()
  })
  return performance.now() - started
}

for (let i = 0; i < warmupSteps; i++) step()
const times = Array.from({ length: steps }, step).sort((a, b) => a - b)
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } }
console.log(
  JSON.stringify({
    versions: { node: process.version, tfjs: tf.version.tfjs, tensorflow: binding.TF_Version },
    millisecondsPerStep: (times[(steps - 1) >> 1]! + times[steps >> 1]!) / 2,
    peakMemoryMiB: Math.round(maxRSS / 1024),
    processorSeconds: (userCPUTime + systemCPUTime) / 1e6,
  }),
)
