import { disableFastGradients, enableFastGradients } from '@bag-of-tricks/fast-gradients'
import * as tf from '@tensorflow/tfjs-node'
import { afterEach, expect, test } from 'vitest'
import { autocast, type Precision } from './index'

afterEach(() => disableFastGradients(tf))

/** A number just above 1 that neither half type can hold: bfloat16 counts in 2⁻⁷ there, float16 in 2⁻¹⁰. */
const fine = 1 + 2 ** -12
const counting = { bfloat16: 2 ** -7, float16: 2 ** -10 } as const
const precisions = ['bfloat16', 'float16'] as const

const data = (x: tf.Tensor) => x.dataSync() as Float32Array
const onGrid = (x: tf.Tensor, step: number) => data(x).every((value) => Number.isInteger(value / step))

/** Convolution, batch norm, ReLU, both poolings and a dense layer. */
function network() {
  const glorot = (seed: number) => tf.initializers.glorotUniform({ seed })
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [9, 9, 3],
        filters: 8,
        kernelSize: 3,
        kernelInitializer: glorot(1),
        useBias: false,
      }),
      tf.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5 }),
      tf.layers.reLU(),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: 4, kernelInitializer: glorot(2) }),
    ],
  })
}

/** Loss, gradients and moving statistics of one pass. */
function pass(precision?: Precision) {
  const model = network()
  const x = tf.randomNormal([8, 9, 9, 3], 0, 1, 'float32', 3)
  const labels = tf.tensor2d(Array.from({ length: 8 }, (_, i) => [0, 1, 2, 3].map((k) => Number(i % 4 === k))))
  const logits = () => model.apply(x, { training: true }) as tf.Tensor2D
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
  const { value, grads } = tf.variableGrads(
    () => tf.losses.softmaxCrossEntropy(labels, precision ? autocast(tf, precision, logits) : logits()) as tf.Scalar,
    variables,
  )
  const moving = model.layers[1]!.getWeights().slice(2)
  return { loss: value, gradients: variables.map(({ name }) => grads[name]!), moving }
}

const difference = (a: tf.Tensor, b: tf.Tensor) => data(tf.div(tf.norm(tf.sub(a, b)), tf.norm(b)))[0]!

test.each(precisions)(
  'autocast(tf, %s, f) multiplies what is rounded to the half grid, and gives float32',
  (precision) => {
    const product = autocast(tf, precision, () => tf.matMul(tf.tensor2d([[fine]]), tf.tensor2d([[3]])))
    expect(product.dtype).toBe('float32')
    // 1 + 2⁻¹² rounds to 1; kept whole, the product would be 3.0007.
    expect(product).toBeClose([[3]], 0)
    expect(tf.matMul(tf.tensor2d([[fine]]), tf.tensor2d([[3]]))).toBeClose([[3 * fine]], 1e-7)
  },
)

test.each(precisions)(
  'autocast(tf, %s, f) trains a network to the float32 gradients, but for rounding',
  (precision) => {
    enableFastGradients(tf)
    const exact = pass()
    const half = pass(precision)
    // Eight or eleven significant bits, through five layers both ways.
    const tolerance = 6 * counting[precision]
    expect(half.loss).toBeClose(data(exact.loss)[0]!, tolerance)
    half.gradients.forEach((gradient, i) => {
      expect(gradient.dtype).toBe('float32')
      expect(difference(gradient, exact.gradients[i]!)).toBeLessThan(tolerance)
      expect(difference(gradient, exact.gradients[i]!)).toBeGreaterThan(0)
    })
    half.moving.forEach((statistic, i) => {
      expect(difference(statistic, exact.moving[i]!)).toBeLessThan(tolerance)
      expect(onGrid(statistic, counting[precision])).toBe(false)
    })
  },
)

test('autocast leaves weights and other ops in float32', () => {
  const w = tf.variable(tf.tensor2d([[fine]]))
  const [y, exponential] = autocast(tf, 'bfloat16', () => {
    const product = tf.matMul(tf.tensor2d([[1]]), w)
    return [product, tf.exp(tf.tensor1d([2 ** -12]))] as const
  })
  expect(y).toBeClose([[1]], 0)
  expect(w).toBeClose([[fine]], 0)
  // e^(2⁻¹²) = 1.00024; bfloat16 would make it 1.
  expect(exponential).toBeClose([1 + 2 ** -12], 1e-7)
})

test('a half tensor can be read inside f, more than once', () => {
  const [first, second] = autocast(tf, 'bfloat16', () => {
    const y = tf.relu(tf.tensor1d([-1, fine, 2]))
    const values = [Array.from(data(y)), Array.from(data(y))]
    return values as unknown as tf.TensorContainerArray
  }) as unknown as number[][]
  expect(first).toEqual([0, 1, 2])
  expect(second).toEqual([0, 1, 2])
})

test('autocast settles tensors in arrays and objects: what is computed with them afterwards is float32', () => {
  const { list } = autocast(tf, 'bfloat16', () => ({ list: [tf.relu(tf.tensor1d([1, 2]))] }))
  expect(tf.add(list[0]!, tf.tensor1d([2 ** -12, 0]))).toBeClose([fine, 2], 0)
  // Outside, a product of what came from inside is not rounded.
  expect(tf.matMul(tf.reshape(list[0]!, [2, 1]), tf.tensor2d([[fine]]))).toBeClose([[fine], [2 * fine]], 1e-7)
})

test('autocast inside autocast computes in the inner precision, and in the outer one again after it', () => {
  const x = tf.tensor1d([1 + 2 ** -10])
  const values = autocast(tf, 'bfloat16', () => {
    const before = tf.relu(x)
    const inner = autocast(tf, 'float16', () => tf.relu(x))
    return [before, inner, tf.relu(x)]
  })
  // float16 holds 1 + 2⁻¹⁰, bfloat16 does not.
  expect(values.map((value) => data(value)[0])).toEqual([1, 1 + 2 ** -10, 1])
})

test('an error inside f comes out, and the scope ends', () => {
  expect(() =>
    autocast(tf, 'bfloat16', () => {
      throw new Error('mine')
    }),
  ).toThrow('mine')
  expect(tf.relu(tf.tensor1d([fine]))).toBeClose([fine], 0)
})

test('autocast leaves no tensor and no handle behind', () => {
  const w = tf.variable(tf.randomNormal([3, 3, 3, 4], 0, 1, 'float32', 1))
  const x = tf.randomNormal([2, 6, 6, 3], 0, 1, 'float32', 2)
  const backend = tf.backend() as unknown as { getNumOfTFTensors(): number }
  const step = () =>
    tf.tidy(() => {
      const loss = () =>
        tf.sum(autocast(tf, 'bfloat16', () => tf.relu(tf.conv2d(x as tf.Tensor4D, w as never, 1, 'same'))))
      return tf.variableGrads(loss as () => tf.Scalar, [w]).value.dataSync()
    })
  step()
  step()
  const before = [tf.memory().numTensors, backend.getNumOfTFTensors()]
  for (let i = 0; i < 5; i++) step()
  expect([tf.memory().numTensors, backend.getNumOfTFTensors()]).toEqual(before)
})

test('autocast refuses other precisions, no function, and promises', () => {
  expect(() => autocast(tf, 'float32' as Precision, () => [])).toThrow(
    'precision must be bfloat16 or float16, got float32',
  )
  expect(() => autocast(tf, 'bfloat16', 3 as never)).toThrow('f must be a function, got number')
  expect(() => autocast(tf, 'bfloat16', (async () => 1) as never)).toThrow('f must be synchronous, got a promise')
})

test('autocast refuses other backends by name, unless it may emulate', async () => {
  await tf.setBackend('cpu')
  try {
    const f = () => tf.matMul(tf.tensor2d([[fine]]), tf.tensor2d([[3]]))
    expect(() => autocast(tf, 'bfloat16', f)).toThrow("the backend 'cpu' has no half precision")
    expect(autocast(tf, 'bfloat16', f, { emulate: true })).toBeClose([[3]], 0)
    expect(f()).toBeClose([[3 * fine]], 1e-6)
  } finally {
    await tf.setBackend('tensorflow')
  }
})

test.each(precisions)(
  '{ emulate: true } gives the native gradients in %s, but for the order of rounding',
  (precision) => {
    enableFastGradients(tf)
    const x = tf.randomNormal([4, 6, 6, 3], 0, 1, 'float32', 1) as tf.Tensor4D
    const w = tf.randomNormal([3, 3, 3, 4], 0, 1, 'float32', 2) as tf.Tensor4D
    const slope = (emulate: boolean) =>
      tf.grad((filter) =>
        tf.sum(
          tf.square(
            autocast(tf, precision, () => tf.relu(tf.conv2d(x, filter as tf.Tensor4D, 1, 'same')), { emulate }),
          ),
        ),
      )(w)
    expect(difference(slope(true), slope(false))).toBeLessThan(2 * counting[precision])
  },
)
