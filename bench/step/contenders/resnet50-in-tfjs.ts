// One contender: times training steps on tfjs-node as examples/imagenet makes them, and prints a line of JSON.
import { parseArgs } from 'node:util'
import { resnet } from '@bag-of-tricks/resnet-tweaks'
import type { Tensor2D, Variable } from '@tensorflow/tfjs-node'
import { type Device, takenGpuMemory } from '../../machine'
import { watchOthers } from '../../processor-time'
import { trainingFlops } from '../flops'
import type { Precision } from '../options'
import type { Sample } from '../sample'
import { ourEngine, stockEngine } from './engine'
import { openTensorflow, versionsOf } from './open-tensorflow'
import { watchOperations } from './watch-operations'

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'ours' },
    device: { type: 'string', default: 'cpu' },
    precision: { type: 'string', default: 'float32' },
    size: { type: 'string', default: '224' },
    batch: { type: 'string', default: '16' },
    steps: { type: 'string', default: '5' },
    warmup: { type: 'string', default: '3' },
    profile: { type: 'boolean', default: false },
  },
})
const whole = (text: string) => Number(text)
const [size, batch, steps, warmup] = [
  whole(values.size),
  whole(values.batch),
  whole(values.steps),
  whole(values.warmup),
]
const device = values.device as Device
const precision = values.precision as Precision
const rate = 0.05
const gpuMemoryBefore = device === 'gpu' ? takenGpuMemory() : 0
const tf = openTensorflow(device)
const operations = values.profile ? watchOperations(tf) : undefined
const fusedOps = values.engine === 'ours'
const engine = values.engine === 'stock' ? stockEngine(tf, rate) : ourEngine(tf, { precision, fusedOps, rate })

const model = resnet(tf, { depth: 50, variant: 'B', zeroGamma: true, inputShape: [size, size, 3], seed: 0 })
const variables = model.trainableWeights.map((weight) => weight.read() as Variable)
const images = tf.randomNormal([batch, size, size, 3], 0, 1, 'float32', 0)
const classes = Array.from({ length: batch }, (_, i) => (i * 37) % 1000)
const labels = tf.cast(tf.oneHot(tf.tensor1d(classes, 'int32'), 1000), 'float32') as Tensor2D

function step(): number {
  const started = performance.now()
  tf.tidy(() => {
    const { value, grads } = tf.variableGrads(() => {
      const logits = engine.forward(() => model.apply(images, { training: true }) as Tensor2D)
      return tf.mul(tf.mean(engine.losses(labels, logits)), engine.lossScale())
    }, variables)
    engine.update(variables, grads)
    // Reading the loss waits for the step.
    value.dataSync()
  })
  return performance.now() - started
}

for (let i = 0; i < warmup; i++) step()
operations?.reset()
const others = watchOthers()
const started = Date.now()
const stepMilliseconds = Array.from({ length: steps }, step)
const sample: Sample = {
  versions: versionsOf(tf),
  stepMilliseconds,
  coresUsedByOthers: others(),
  counted: [started, Date.now()],
  // Node gives kibibytes.
  peakMemoryMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  ...(device === 'gpu' && { peakGpuMemoryMiB: takenGpuMemory() - gpuMemoryBefore }),
  operations: operations?.perStep(steps),
  flopsPerImage: trainingFlops(
    model.layers.flatMap(({ weights, outputShape }) => {
      const kernel = weights.find(({ shape }) => shape.length > 1)
      return kernel ? [{ kernel: kernel.shape as number[], output: outputShape as number[] }] : []
    }),
  ),
}
console.log(JSON.stringify(sample))
