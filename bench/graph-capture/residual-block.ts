import type * as tfjs from '@tensorflow/tfjs-node'
import type { Subject } from './compare'

export interface BlockSize {
  batch: number
  /** Height and width of the input; the block halves them. */
  size: number
  /** Channels of the output; the input has half as many. */
  filters: number
}

/**
 * Gives the forward and backward pass of a residual block in training: ReLU(bn(conv(ReLU(bn(conv(x))))) + bn(conv(x))).
 *
 * It returns the output, then the gradients of the input and of the weights; it assigns the running statistics.
 */
export function residualBlock(tf: typeof tfjs, { batch, size, filters }: BlockSize): Required<Subject> {
  const model = blockModel(tf, size, filters)
  const x = tf.variable(tf.zeros([batch, size, size, filters / 2]))
  const dy = tf.variable(tf.zeros([batch, size / 2, size / 2, filters]))
  const variables = (weights: tfjs.LayersModel['weights']) => weights.map((weight) => weight.read() as tfjs.Variable)
  const inputs = [x, dy, ...variables(model.weights)]
  const xs = [x, ...variables(model.trainableWeights)]
  let seed = 1
  const renew = () => {
    for (const input of inputs) tf.tidy(() => input.assign(drawn(tf, input.shape, seed++)))
  }
  renew()
  return {
    inputs,
    renew,
    run() {
      const { value, grads } = tf.engine().gradients(() => model.apply(x, { training: true }) as tfjs.Tensor, xs, dy)
      return [value, ...grads]
    },
  }
}

/** Images and kernels around 0; what belongs to a channel away from 0, where neither γ nor a variance vanishes. */
function drawn(tf: typeof tfjs, shape: number[], seed: number): tfjs.Tensor {
  return shape.length === 4
    ? tf.randomNormal(shape, 0, 1, 'float32', seed)
    : tf.randomUniform(shape, 0.5, 1.5, 'float32', seed)
}

function blockModel({ layers, ...tf }: typeof tfjs, size: number, filters: number): tfjs.LayersModel {
  const conv = (kernelSize: number, strides: number) =>
    layers.conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false })
  const norm = () => layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5 })
  const x = tf.input({ shape: [size, size, filters / 2] })
  const chain = (...links: tfjs.layers.Layer[]) =>
    links.reduce((value, layer) => layer.apply(value) as tfjs.SymbolicTensor, x)
  const branch = chain(conv(3, 2), norm(), layers.reLU(), conv(3, 1), norm())
  const sum = layers.add().apply([branch, chain(conv(1, 2), norm())]) as tfjs.SymbolicTensor
  return tf.model({ inputs: x, outputs: layers.reLU().apply(sum) as tfjs.SymbolicTensor })
}
