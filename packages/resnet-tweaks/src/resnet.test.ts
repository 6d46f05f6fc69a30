import * as tf from '@tensorflow/tfjs-node'
import { afterEach, expect, expectTypeOf, test } from 'vitest'
import expected from '../../../tools/oracles/fixtures/resnet.json'
import { type BatchNormalizationConfig, type ResnetOptions, resnet } from './index'

/** Starts every weight at zero: drawing them is the slow part of building. */
const initializer = () => tf.initializers.zeros()

afterEach(() => tf.disposeVariables())

test.each(Object.entries(expected.parameters))('resnet(tf, options) has the parameters of torch: %s', (name, count) => {
  const model = resnet(tf, { depth: Number.parseInt(name, 10), variant: name.at(-1), initializer } as ResnetOptions)
  expect(model.trainableWeights.reduce((sum, { shape }) => sum + tf.util.sizeFromShape(shape as number[]), 0)).toBe(
    count,
  )
})

test('resnet(tf) is ResNet-50-D for ImageNet and gives a LayersModel', () => {
  const model = resnet(tf, { initializer })
  expectTypeOf(model).toEqualTypeOf<tf.LayersModel>()
  expect(model.name).toBe('resnet50d')
  expect([model.inputs[0]!.shape, model.outputShape]).toEqual([
    [null, 224, 224, 3],
    [null, 1000],
  ])
  expect(model.getLayer('layer2_0_downsample_0').getClassName()).toBe('AveragePooling2D')
})

// A quarter after the stem, then half of it three times, each time rounded up: 33 → 17 → 9, 5, 3, 2.
test.each([
  [224, [56, 28, 14, 7]],
  [64, [16, 8, 4, 2]],
  [33, [9, 5, 3, 2]],
  [1, [1, 1, 1, 1]],
])('resnet(tf, { features: true }) gives the maps of four stages: %i px', (size, sizes) => {
  for (const variant of ['A', 'B', 'C', 'D'] as const) {
    const options = { depth: 50, variant, inputShape: [size, size, 3], features: true, initializer } as const
    expect(resnet(tf, options).outputs.map(({ shape }) => shape)).toEqual(
      sizes.map((side, stage) => [null, side, side, 256 * 2 ** stage]),
    )
  }
})

test('resnet(tf, { inputShape: [null, null, 3] }) takes pictures of any size', () => {
  const model = resnet(tf, { depth: 18, classes: 7, inputShape: [null, null, 3] })
  for (const size of [[1, 33, 65, 3] as const, [2, 64, 32, 3] as const]) {
    expect((model.predict(tf.zeros([...size])) as tf.Tensor).shape).toEqual([size[0], 7])
  }
})

test('resnet(tf, { seed }) starts alike for one seed, otherwise for another, and each layer in its own way', () => {
  const weights = (seed?: number) => {
    const model = resnet(tf, { depth: 18, classes: 2, inputShape: [32, 32, 3], seed })
    return ['layer1_0_conv1', 'layer1_0_conv2', 'fc'].map((name) => [
      ...model.getLayer(name).getWeights()[0]!.dataSync(),
    ])
  }
  expect(weights(0)).toEqual(weights(0))
  const all = [weights(0), weights(0), weights(1), weights(), weights()].map((kernels) => kernels.map((w) => w[0]))
  expect(new Set(all.flat()).size).toBe(3 * 4)
})

test('resnet(tf) draws as torch does: Var 2 / (k² · filters) in convolutions, U(±1/√inputs) in the last layer', () => {
  const model = resnet(tf, { depth: 18, inputShape: [32, 32, 3], seed: 1 })
  const deviation = (name: string) =>
    Math.sqrt(tf.moments(model.getLayer(name).getWeights()[0]!).variance.dataSync()[0]!)
  // √(2 / (9 · 512)) = 0.02083, √(2 / 256) = 0.08839; a uniform in ±a deviates by a/√3: 1 / √(3 · 512) = 0.02552.
  expect(deviation('layer4_1_conv2')).toBeClose(0.02083, 5e-5)
  expect(deviation('layer3_0_downsample_1')).toBeClose(0.08839, 1e-3)
  expect(deviation('fc')).toBeClose(0.02552, 1e-4)
  const [kernel, bias] = model.getLayer('fc').getWeights()
  expect(tf.max(tf.abs(kernel!))).toBeClose(1 / Math.sqrt(512), 1e-4)
  expect(tf.max(tf.abs(bias!))).toBeClose(0)
})

test.each(['glorotUniform', tf.initializers.glorotUniform] as const)(
  "resnet(tf, { initializer: %s }) is the paper's Xavier",
  (xavier) => {
    const model = resnet(tf, { depth: 18, inputShape: [32, 32, 3], initializer: xavier, seed: 1 })
    const largest = (name: string) => tf.max(tf.abs(model.getLayer(name).getWeights()[0]!))
    // √(6 / (9 · 512 + 9 · 512)) = 0.025516 and √(6 / (512 + 1000)) = 0.062994
    expect(largest('layer4_1_conv2')).toBeClose(0.025516, 1e-5)
    expect(largest('fc')).toBeClose(0.062994, 1e-5)
  },
)

test.each([
  [18, 8],
  [50, 16],
] as const)('resnet(tf, { depth: %i, zeroGamma: true }) makes each block its shortcut', (depth, blocks) => {
  const zero = (zeroGamma: boolean) =>
    resnet(tf, { depth, inputShape: [32, 32, 3], zeroGamma, initializer })
      .layers.filter((layer) => layer.getClassName() === 'BatchNormalization')
      .filter((layer) => layer.getWeights()[0]!.max().dataSync()[0] === 0)
      .map(({ name }) => name)
  expect(zero(false)).toEqual([])
  expect(zero(true)).toHaveLength(blocks)
  for (const name of zero(true)) expect(name).toMatch(depth === 18 ? /^layer\d_\d_bn2$/ : /^layer\d_\d_bn3$/)
})

test('resnet(tf, { batchNormalization }) asks it for every norm, with the settings of torch', () => {
  const asked: BatchNormalizationConfig[] = []
  const batchNormalization = (config: BatchNormalizationConfig) => {
    asked.push(config)
    return tf.layers.batchNormalization(config)
  }
  resnet(tf, { depth: 18, inputShape: [32, 32, 3], zeroGamma: true, batchNormalization, initializer })
  // Three in the stem, two in each of eight blocks, one in each of three projections.
  expect(asked).toHaveLength(3 + 2 * 8 + 3)
  const settings = { axis: -1, momentum: 0.9, epsilon: 1e-5 }
  expect(asked[0]).toEqual({ name: 'conv1_1', gammaInitializer: 'ones', ...settings })
  expect(asked[4]).toEqual({ name: 'layer1_0_bn2', gammaInitializer: 'zeros', ...settings })
})

test('resnet(tf, options) leaves no tensor behind but the weights', () => {
  const before = tf.memory().numTensors
  const model = resnet(tf, { depth: 18, inputShape: [32, 32, 3] })
  expect(tf.memory().numTensors - before).toBe(model.weights.length)
  model.dispose()
  expect(tf.memory().numTensors).toBe(before)
})

test.each([
  [{ depth: 77 }, 'depth must be one of 18, 34, 50, 101, 152, got 77'],
  [{ depth: '50' }, 'depth must be one of 18, 34, 50, 101, 152, got 50'],
  [{ variant: 'E' }, 'variant must be one of A, B, C, D, got E'],
  [{ width: 15 }, 'width must be a positive even integer, got 15'],
  [{ classes: 0 }, 'classes must be a positive integer, got 0'],
  [{ classes: Number.NaN }, 'classes must be a positive integer, got NaN'],
  [{ inputShape: [224, 224] }, 'inputShape must be [height, width, channels] in positive integers, got [224, 224]'],
  [{ inputShape: [0, 224, 3] }, 'in positive integers, got [0, 224, 3]'],
  [{ inputShape: [224, 1.5, 3] }, 'in positive integers, got [224, 1.5, 3]'],
  [{ inputShape: [224, 224, null] }, 'in positive integers, got [224, 224, null]'],
  [{ inputShape: 224 }, 'in positive integers, got 224'],
  [{ zeroGamma: 'no' }, 'zeroGamma must be true or false, got no'],
  [{ initializer: 'xavier' }, 'heUniform, leCunNormal, leCunUniform or a function that makes one, got xavier'],
  [{ initializer: {} }, 'initializer must be one of kaimingFanOut, '],
  [{ batchNormalization: 'fused' }, 'batchNormalization must be a function that makes a layer, got fused'],
  [{ seed: 0.5 }, 'seed must be an integer, got 0.5'],
  [{ features: 1 }, 'features must be true or false, got 1'],
])('resnet(tf, %j) throws', (options, message) => {
  expect(() => resnet(tf, options as ResnetOptions)).toThrow(message)
  expect(() => resnet(tf, options as ResnetOptions)).toThrow(RangeError)
})
