import * as tf from '@tensorflow/tfjs-node'
import { expect } from 'vitest'
import { fixture, type Pass } from './fixture'

const { epsilon, momentum, inputs, labels } = fixture.network

/** Where the fixture's tensors are: in which layer, the how manieth of its weights. */
const trained = {
  conv1: ['conv1', 0],
  gamma1: ['norm1', 0],
  beta1: ['norm1', 1],
  conv2: ['conv2', 0],
  gamma2: ['norm2', 0],
  beta2: ['norm2', 1],
  dense: ['dense', 0],
  bias: ['dense', 1],
} as const
const statistics = {
  mean1: ['norm1', 2],
  variance1: ['norm1', 3],
  mean2: ['norm2', 2],
  variance2: ['norm2', 3],
} as const

/** Trains the fixture's network once on its pictures, in the backend in use; `forward` runs the forward pass. */
export function trainNetwork(forward: (f: () => tf.Tensor2D) => tf.Tensor2D): Pass {
  return tf.tidy(() => {
    const model = network()
    const variables = weights(model, trained)
    for (const [name, variable] of Object.entries(variables)) variable.assign(input(name))
    variables.images = tf.variable(input('images'))
    let logits: number[] = []
    const loss = () => {
      const given = forward(() => model.apply(variables.images!, { training: true }) as tf.Tensor2D)
      logits = read(given)
      return tf.losses.softmaxCrossEntropy(tf.tensor2d(labels, [2, 3]), given) as tf.Scalar
    }
    const { value, grads } = tf.variableGrads(loss, Object.values(variables))
    const entries = [
      ...Object.entries(variables).map(([name, variable]) => [`d ${name}`, read(grads[variable.name]!)]),
      ...Object.entries(weights(model, statistics)).map(([name, variable]) => [name, read(variable)]),
    ]
    return { logits, loss: read(value), ...Object.fromEntries(entries) }
  })
}

/** Convolution, batch norm, ReLU, max pooling; convolution, batch norm, shortcut, ReLU, average pooling; dense. */
function network(): tf.LayersModel {
  const { layers } = tf
  const convolution = (name: string, kernelSize: number) =>
    layers.conv2d({ name, filters: 4, kernelSize, padding: 'same', useBias: false })
  const norm = (name: string) => layers.batchNormalization({ name, epsilon, momentum })
  const chain = (x: tf.SymbolicTensor, ...links: tf.layers.Layer[]) =>
    links.reduce((y, link) => link.apply(y) as tf.SymbolicTensor, x)
  const images = tf.input({ shape: [6, 6, 3] })
  const pooled = chain(images, convolution('conv1', 3), norm('norm1'), layers.reLU(), layers.maxPooling2d({}))
  const block = chain(pooled, convolution('conv2', 1), norm('norm2'))
  const sum = layers.add().apply([block, pooled]) as tf.SymbolicTensor
  const average = layers.averagePooling2d({ poolSize: 2, strides: 1 })
  const logits = chain(sum, layers.reLU(), average, layers.flatten(), layers.dense({ name: 'dense', units: 3 }))
  return tf.model({ inputs: images, outputs: logits })
}

function weights(
  model: tf.LayersModel,
  places: Readonly<Record<string, readonly [layer: string, index: number]>>,
): Record<string, tf.Variable> {
  const variable = ([layer, i]: readonly [string, number]) => model.getLayer(layer).weights[i]!.read() as tf.Variable
  return Object.fromEntries(Object.entries(places).map(([name, place]) => [name, variable(place)]))
}

function input(name: string): tf.Tensor {
  const { shape, values } = inputs[name]!
  return tf.tensor(values, shape)
}

function read(tensor: tf.Tensor): number[] {
  expect(tensor.dtype).toBe('float32')
  return Array.from(tensor.dataSync())
}
