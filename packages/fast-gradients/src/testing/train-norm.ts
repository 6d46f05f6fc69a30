import * as tf from '@tensorflow/tfjs-node'
import { noise, type Results } from './stock'

/** What a network does with the output of a norm, given the norm's input as well. */
export type Use = (y: tf.Tensor, x: tf.Tensor) => tf.Tensor

interface Options {
  use?: Use
  config?: Parameters<typeof tf.layers.batchNormalization>[0]
  mean?: number
}

let norms = 0

/** Makes a norm; one that is named by tfjs would take a name from the layers of another run. */
export function newNorm(config: Options['config'] = {}): tf.layers.Layer {
  return tf.layers.batchNormalization({ name: `norm${norms++}`, epsilon: 1e-3, momentum: 0.9, ...config })
}

/** Trains one norm on one batch: loss, gradients of x, γ and β, and where its weights and running statistics are then. */
export function trainNorm(shape: readonly number[], { use = (y) => y, config, mean = 2 }: Options = {}): Results {
  const norm = newNorm(config)
  norm.build([null, ...shape.slice(1)])
  const vector = (from: number, to: number) => tf.linspace(from, to, shape.at(-1)!)
  norm.setWeights([vector(0.5, 1.5), vector(-1, 1), vector(-3, 3), vector(1, 4)])
  const x = tf.variable(noise(shape, 1, mean, 3))
  const variables = [x, ...norm.trainableWeights.map((weight) => weight.read() as tf.Variable)]
  const loss = () => {
    const y = use(norm.apply(x, { training: true }) as tf.Tensor, x)
    return tf.sum(tf.mul(y, noise(y.shape, 7))) as tf.Scalar
  }
  const { value, grads } = tf.variableGrads(loss, variables)
  // No gradient where the norm is not used.
  const gradients = variables.flatMap(({ name }, i) => (grads[name] ? [[`d${i}`, grads[name]]] : []))
  const weights = norm.getWeights().map((weight, i) => [`weight${i}`, weight])
  return { value, ...Object.fromEntries([...gradients, ...weights]) }
}
