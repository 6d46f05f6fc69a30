import * as tf from '@tensorflow/tfjs-node'
import { afterEach, describe, expect, test } from 'vitest'
import { disableFastGradients, enableFastGradients, momentum } from './index'
import { enable, noise, ways } from './testing/stock'

afterEach(() => disableFastGradients(tf))

/** Convolution, batch norm, ReLU, residual sum, max pooling, dense: what the package touches, as a user writes it. */
function network(): tf.LayersModel {
  const seeded = (seed: number) => ({ kernelInitializer: tf.initializers.heNormal({ seed }) })
  const input = tf.input({ shape: [8, 8, 2] })
  const convolve = (seed: number) => tf.layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', ...seeded(seed) })
  const first = tf.layers.reLU().apply(tf.layers.batchNormalization().apply(convolve(1).apply(input)))
  const second = tf.layers.batchNormalization().apply(convolve(2).apply(first)) as tf.SymbolicTensor
  const sum = tf.layers.reLU().apply(tf.layers.add().apply([second, first as tf.SymbolicTensor]))
  const pooled = tf.layers.flatten().apply(tf.layers.maxPooling2d({ poolSize: 2 }).apply(sum))
  const output = tf.layers.dense({ units: 2, activation: 'softmax', ...seeded(3) }).apply(pooled)
  return tf.model({ inputs: input, outputs: output as tf.SymbolicTensor })
}

const x = noise([16, 8, 8, 2], 3)
const labels = tf.oneHot(
  Array.from({ length: 16 }, (_, i) => i % 2),
  2,
)

/** Trains by fit and evaluates, which is inference, after every epoch. */
async function losses(): Promise<number[]> {
  const model = network()
  model.compile({ optimizer: tf.train.momentum(0.01, 0.9), loss: 'categoricalCrossentropy' })
  const options = { epochs: 8, batchSize: 8, shuffle: false, verbose: 0, validationData: [x, labels] } as const
  const { history } = await model.fit(x, labels, { ...options, validationData: [x, labels] })
  return [...history.loss!, ...history.val_loss!] as number[]
}

async function onCpu<T>(run: () => Promise<T>): Promise<T> {
  await tf.setBackend('cpu')
  try {
    return await run()
  } finally {
    await tf.setBackend('tensorflow')
  }
}

describe.each(ways)('%s', (_, way) => {
  test('enableFastGradients(tf) trains a stock LayersModel by fit to the losses of stock tfjs', async () => {
    const stock = await losses()
    enable(way)
    const fast = await losses()
    expect(fast).toBeClose(stock, 1e-4)
    expect(fast[7]).toBeLessThan(fast[0]! / 2)
  })

  test('enableFastGradients(tf) leaves no tensor of tfjs, handle of TensorFlow or entry of the backend behind', () => {
    enable(way)
    const model = network()
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
    const optimizer = momentum(tf, { rate: 0.01 })
    const loss = () =>
      tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar
    const backend = tf.backend() as unknown as { getNumOfTFTensors(): number; numDataIds(): number }
    const counts = () => [tf.memory().numTensors, backend.getNumOfTFTensors(), backend.numDataIds()]
    const step = () => tf.tidy(() => optimizer.minimize(loss, true, variables)!.dataSync()[0]!)
    const first = [step(), step()]
    const before = counts()
    const rest = Array.from({ length: 30 }, step)
    expect(counts()).toEqual(before)
    expect(rest.at(-1)).toBeLessThan(first[0]! / 2)
  })

  test("enableFastGradients(tf) passes tfjs's own check of kernels for leaks", () => {
    enable(way)
    const { inputs, layers } = network()
    // Without the dense layer: stock tfjs-node's product with bias fails the check.
    const model = tf.model({ inputs, outputs: layers.at(-2)!.output })
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
    tf.env().set('IS_TEST', true)
    try {
      const loss = () => tf.sum(tf.square(model.apply(x, { training: true }) as tf.Tensor)) as tf.Scalar
      expect(Object.keys(tf.variableGrads(loss, variables).grads)).toHaveLength(variables.length)
    } finally {
      tf.env().set('IS_TEST', false)
    }
  })

  test('tensors made under enableFastGradients(tf) can be used and freed after disableFastGradients(tf)', () => {
    const norm = tf.layers.batchNormalization({ epsilon: 0 })
    const backend = tf.backend() as unknown as { getNumOfTFTensors(): number }
    const before = backend.getNumOfTFTensors()
    enable(way)
    const y = norm.apply(tf.tensor2d([[1], [5]]), { training: true }) as tf.Tensor
    const z = tf.add(y, 0)
    disableFastGradients(tf)
    // (1 − 3)/2 and (5 − 3)/2
    expect(tf.tidy(() => tf.relu(y).arraySync())).toBeClose([[0], [1]], 1e-5)
    expect(z).toBeClose([[-1], [1]], 1e-5)
    tf.dispose([y, z])
    norm.dispose()
    // The input, which nobody freed, and the two moved statistics of stock's name.
    expect(backend.getNumOfTFTensors() - before).toBeLessThanOrEqual(3)
  })

  test('a switch to another backend trains there as stock tfjs does, and back', async () => {
    const expected = await onCpu(losses)
    enable(way)
    const fast = await losses()
    expect(await onCpu(losses)).toEqual(expected)
    expect(await losses()).toEqual(fast)
  }, 60_000)

  test('an optimizer made by momentum(tf) goes on with the same trajectory on another backend', async () => {
    enable(way)
    const w = tf.variable(tf.tensor1d([1, -2]))
    const optimizer = momentum(tf, { rate: 0.1, decay: 0.5 })
    const step = () => optimizer.minimize(() => tf.sum(tf.relu(w)), false, [w])
    step()
    // g = [1, 0] + 0.5·w = [1.5, -1], v = g, w − 0.1·(g + 0.9·v)
    expect(w).toBeClose([0.715, -1.81], 1e-6)
    await onCpu(async () => step())
    // g = [1.3575, -0.905], v = 0.9·[1.5, -1] + g = [2.7075, -1.805], w − 0.1·(g + 0.9·v)
    expect(w).toBeClose([0.335575, -1.55705], 1e-6)
  })

  test('tensors move to another backend and back', async () => {
    enable(way)
    const y = tf.relu(tf.tensor1d([-1, 2]))
    await onCpu(async () => expect(tf.mul(y, 3)).toBeClose([0, 6]))
    expect(tf.relu(y)).toBeClose([0, 2])
  })
})

test('disableFastGradients(tf) puts everything stock back, however often it was enabled', () => {
  const layer = Object.getPrototypeOf(tf.layers.batchNormalization({ name: 'any' }))
  const names = [
    'Add',
    'Cast',
    'Conv2D',
    'FusedConv2D',
    'MaxPool',
    'PadV2',
    'Relu',
    'ReluGrad',
    'Reshape',
    'Slice',
    'Sum',
  ]
  const everything = () => [
    ...names.map((name) => tf.getKernel(name, 'tensorflow')),
    ...names.map((name) => tf.getGradient(name)),
    layer.call,
    tf.MomentumOptimizer.prototype.applyGradients,
    (tf.engine() as unknown as { gradients: unknown }).gradients,
  ]
  const stock = everything()
  enableFastGradients(tf)
  const enabled = everything()
  enableFastGradients(tf)
  expect(everything()).toEqual(enabled)
  expect(enabled.filter((entry, i) => entry !== stock[i])).toHaveLength(10 + 4 + 3)
  disableFastGradients(tf)
  expect(everything().filter((entry, i) => entry !== stock[i])).toEqual([])
  disableFastGradients(tf)
})

test('enableFastGradients(tf, { fusedOps }) says whether the fused ops are in use, and changes it when called again', () => {
  expect(enableFastGradients(tf)).toEqual({ fusedOps: true })
  expect(enableFastGradients(tf, { fusedOps: false })).toEqual({ fusedOps: false, reason: 'they were not wanted' })
  expect(enableFastGradients(tf)).toEqual({ fusedOps: true })
})

test('enableFastGradients(tf) refuses another backend by name', async () => {
  const message =
    "enableFastGradients: needs the backend 'tensorflow' of @tensorflow/tfjs-node or tfjs-node-gpu, got 'cpu'"
  await onCpu(async () => expect(() => enableFastGradients(tf)).toThrow(new Error(message)))
})
