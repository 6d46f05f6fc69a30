import * as tf from '@tensorflow/tfjs-node'
import { afterEach, expect, test } from 'vitest'
import { disableFastGradients, enableFastGradients } from './index'

afterEach(() => disableFastGradients(tf))

/** The outside numbers of this file are stock tfjs's: every computation runs once before and once after enabling. */
function stockAndFast<T>(compute: () => T): [stock: T, fast: T] {
  const stock = compute()
  enableFastGradients(tf)
  return [stock, compute()]
}

let layers = 0

/** Trains one batch norm layer followed by ReLU, and gives loss, gradients of x, γ, β and the running statistics. */
function trainOnce(x: tf.Tensor, config: Partial<Parameters<typeof tf.layers.batchNormalization>[0]> = {}) {
  const norm = tf.layers.batchNormalization({ name: `norm${layers++}`, momentum: 0.9, epsilon: 1e-5, ...config })
  norm.build([null, ...x.shape.slice(1)])
  const channels = norm.getWeights()[0]!.size
  norm.setWeights([
    tf.linspace(0.5, 1.5, channels),
    tf.linspace(-1, 1, channels),
    tf.zeros([channels]),
    tf.ones([channels]),
  ])
  const weights = tf.randomNormal(x.shape, 0, 1, 'float32', 7)
  const loss = (input: tf.Tensor) =>
    tf.sum(tf.mul(weights, tf.relu(norm.apply(input, { training: true }) as tf.Tensor))) as tf.Scalar
  const variables = norm.trainableWeights.map((weight) => weight.read() as tf.Variable)
  const { value, grads } = tf.variableGrads(() => loss(x), variables)
  const statistics = norm.getWeights().slice(2)
  const all = [value, tf.grad(loss)(x), ...variables.map(({ name }) => grads[name]!), ...statistics]
  return all.map((tensor) => tensor.dataSync() as Float32Array)
}

test.each([
  ['pictures', [4, 5, 7, 3]],
  ['rows', [8, 5]],
  ['sequences', [3, 6, 4]],
  ['a single pixel of one channel', [16, 1, 1, 1]],
])('enableFastGradients(tf) gives the stock loss, gradients and running statistics for %s', (_, shape) => {
  const x = tf.randomNormal(shape, 2, 3, 'float32', 1)
  const [stock, fast] = stockAndFast(() => trainOnce(x))
  fast.forEach((values, i) => {
    const scale = Math.max(1, ...stock[i]!.map(Math.abs))
    expect(values).toBeClose(stock[i]!, 1e-4 * scale)
  })
})

test('enableFastGradients(tf) leaves batch norm over another axis than the last to tfjs', () => {
  // Forward only: the stock gradient of this case throws.
  const x = tf.randomNormal([4, 3, 5, 6], 2, 3, 'float32', 1)
  const [stock, fast] = stockAndFast(() => {
    const norm = tf.layers.batchNormalization({ name: `norm${layers++}`, axis: 1 })
    return (norm.apply(x, { training: true }) as tf.Tensor).dataSync()
  })
  expect(fast).toBeClose(stock, 1e-5)
})

test('enableFastGradients(tf) gives 0 and 1 as the slopes of ReLU, and cuts ReLU6 at 6', () => {
  enableFastGradients(tf)
  const x = tf.tensor1d([-1, 0, 2, 6, 7])
  expect(tf.grad((v) => tf.relu(v))(x)).toBeClose([0, 0, 1, 1, 1])
  expect(tf.grad((v) => tf.relu6(v))(x)).toBeClose([0, 0, 1, 0, 0])
})

test('enableFastGradients(tf) keeps second derivatives of ReLU right', () => {
  enableFastGradients(tf)
  // relu(x)³ has the second derivative 6x for x > 0: 12 at 2.
  const slope = tf.grad((v: tf.Tensor) => tf.sum(tf.pow(tf.relu(v), 3)))
  expect(tf.grad((v) => tf.sum(slope(v)))(tf.tensor1d([-1, 2]))).toBeClose([0, 12], 1e-4)
})

test('enableFastGradients(tf) leaves no tensor behind', () => {
  enableFastGradients(tf)
  const x = tf.randomNormal([4, 5, 5, 3])
  const norm = tf.layers.batchNormalization({ name: 'kept' })
  const step = () =>
    tf.tidy(() =>
      tf
        .grad((v) => tf.relu(norm.apply(v, { training: true }) as tf.Tensor))(x)
        .dataSync(),
    )
  step()
  const backend = tf.backend() as unknown as { getNumOfTFTensors(): number }
  const before = [tf.memory().numTensors, backend.getNumOfTFTensors()]
  for (let i = 0; i < 5; i++) step()
  expect([tf.memory().numTensors, backend.getNumOfTFTensors()]).toEqual(before)
})

test('enableFastGradients(tf) trains a stock LayersModel to the same losses as stock tfjs', () => {
  const losses = () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({
          inputShape: [8, 8, 1],
          filters: 4,
          kernelSize: 3,
          kernelInitializer: tf.initializers.heNormal({ seed: 1 }),
        }),
        tf.layers.batchNormalization(),
        tf.layers.reLU(),
        tf.layers.flatten(),
        tf.layers.dense({ units: 2, kernelInitializer: tf.initializers.heNormal({ seed: 2 }) }),
      ],
    })
    const optimizer = tf.train.momentum(0.05, 0.9)
    const x = tf.randomNormal([16, 8, 8, 1], 0, 1, 'float32', 3)
    const y = tf.oneHot(
      tf.tensor1d(
        [...Array(16).keys()].map((i) => i % 2),
        'int32',
      ),
      2,
    )
    return Array.from({ length: 10 }, () => {
      const cost = () => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar
      return (optimizer.minimize(cost, true) as tf.Scalar).dataSync()[0]!
    })
  }
  const [stock, fast] = stockAndFast(losses)
  expect(fast).toBeClose(stock, 1e-4)
  expect(fast.at(-1)).toBeLessThan(fast[0]! / 2)
})

test('disableFastGradients(tf) puts the stock gradients and the stock layer back', () => {
  const before = [tf.getGradient('Relu'), tf.getGradient('Relu6'), tf.getGradient('ReluGrad')]
  const prototype = Object.getPrototypeOf(tf.layers.batchNormalization({ name: 'any' }))
  const call = prototype.call
  enableFastGradients(tf)
  enableFastGradients(tf)
  expect(tf.getGradient('Relu')).not.toBe(before[0])
  expect(prototype.call).not.toBe(call)
  disableFastGradients(tf)
  expect([tf.getGradient('Relu'), tf.getGradient('Relu6'), tf.getGradient('ReluGrad')]).toEqual(before)
  expect(prototype.call).toBe(call)
})

test('enableFastGradients(tf) refuses another backend by name', async () => {
  await tf.setBackend('cpu')
  try {
    expect(() => enableFastGradients(tf)).toThrow("needs the backend 'tensorflow'")
    expect(() => enableFastGradients(tf)).toThrow("got 'cpu'")
  } finally {
    await tf.setBackend('tensorflow')
  }
})
