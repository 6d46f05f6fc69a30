import { disableFastGradients, enableFastGradients } from '@bag-of-tricks/fast-gradients'
import { resnet } from '@bag-of-tricks/resnet-tweaks'
import * as tf from '@tensorflow/tfjs-node'

export interface Comparison {
  batchSeed: number
  /** ReLUs that let a number through in one computation and cut it off in the other, and all there are. */
  flipped: number
  relus: number
  /** Relative L2 distance of each weight's gradient from stock's, the largest first. */
  errors: { name: string; error: number }[]
}

const size = 32
const batch = 8
const classes = 10

/**
 * Makes a comparison of ResNet-50-D's gradients with those of stock tfjs, batch by batch.
 *
 * Float32 rounds: two right computations differ by 1e-6 in what reaches a ReLU, and of 1.7 million ReLUs one or two may then fall
 * on the other side of their corner, which changes gradients by 1e-3 to 1e-2, whoever computed them. A comparison counts these. To
 * make them rare the weights are those of a network in training: γ and β spread, γ of each block's last norm small.
 */
export function comparer(): (way: { fusedOps: boolean }, batchSeed: number) => Comparison {
  const model = resnet(tf, { depth: 50, variant: 'D', classes, inputShape: [size, size, 3], seed: 1 })
  spreadNorms(model)
  const relus = model.layers.filter((layer) => layer.getClassName() === 'Activation')
  const outputs = [model.outputs[0]!, ...relus.map(({ output }) => output as tf.SymbolicTensor)]
  const observed = tf.model({ inputs: model.inputs, outputs })
  const weights = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
  return (way, batchSeed) => {
    // tfjs draws without a seed for 0.
    if (batchSeed === 0) throw new RangeError('batchSeed must not be 0')
    disableFastGradients(tf)
    const stock = trainingPass(observed, weights, batchSeed)
    const { fusedOps } = enableFastGradients(tf, way)
    if (fusedOps !== way.fusedOps) throw new Error('the fused ops are not compiled')
    const fast = trainingPass(observed, weights, batchSeed)
    disableFastGradients(tf)
    const errors = weights.map(({ name }, i) => ({
      name,
      error: relativeError(fast.gradients[i]!, stock.gradients[i]!),
    }))
    errors.sort((a, b) => b.error - a.error)
    return { batchSeed, flipped: count(fast.open, stock.open), relus: stock.open.length, errors }
  }
}

function spreadNorms(model: tf.LayersModel): void {
  for (const [i, layer] of model.layers.entries()) {
    if (layer.getClassName() !== 'BatchNormalization') continue
    const [gamma, beta, ...statistics] = layer.getWeights()
    const spread = (shape: number[], from: number, to: number, seed: number) =>
      tf.randomUniform(shape, from, to, 'float32', seed)
    const scale = layer.name.endsWith('bn3') ? 0.1 : 1
    layer.setWeights([
      spread(gamma!.shape, 0.5 * scale, 1.5 * scale, 2 * i + 1),
      spread(beta!.shape, -0.5, 0.5, 2 * i + 2),
      ...statistics,
    ])
  }
}

/** One forward and backward pass: every gradient, and which ReLUs were open. */
function trainingPass(observed: tf.LayersModel, weights: tf.Variable[], seed: number) {
  let open = new Uint8Array()
  let gradients: Float32Array[] = []
  // Numbers that tf.tidy returned it would search for tensors, one by one.
  tf.tidy(() => {
    const images = tf.randomNormal([batch, size, size, 3], 0, 1, 'float32', seed)
    const labels = tf.oneHot([...Array(batch).keys()], classes)
    const loss = () => {
      const [logits, ...activations] = observed.apply(images, { training: true }) as tf.Tensor[]
      open = Buffer.concat(activations.map((y) => tf.greater(y, 0).dataSync() as Uint8Array))
      return tf.losses.softmaxCrossEntropy(labels, logits!) as tf.Scalar
    }
    const { grads } = tf.variableGrads(loss, weights)
    gradients = weights.map(({ name }) => grads[name]!.dataSync() as Float32Array)
  })
  return { open, gradients }
}

function count(a: Uint8Array, b: Uint8Array): number {
  let different = 0
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) different++
  return different
}

function relativeError(actual: Float32Array, expected: Float32Array): number {
  let [difference, norm] = [0, 0]
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2
    norm += expected[i]! ** 2
  }
  return Math.sqrt(difference / norm)
}
