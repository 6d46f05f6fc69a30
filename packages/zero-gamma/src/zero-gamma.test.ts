import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { zeroGamma } from './index'

beforeAll(() => tf.setBackend('cpu'))

/** Plain-array variables of two ones each. */
const arrays = { zeros: ([size]: number[]) => new Array<number>(size!).fill(0), dispose() {} }
function plain(names: string[]) {
  return names.map((name) => ({
    name,
    shape: [2],
    value: [1, 1],
    assign(value: number[]) {
      this.value = value
    },
  }))
}
const zeroed = (names: string[]) => zeroGamma(arrays, plain(names))

test('zeroGamma finds bn3 in bottlenecks and bn2 in basic blocks, by the names of layers', () => {
  const bottleneck = ['layer1_0_bn1/gamma', 'layer1_0_bn2/gamma', 'layer1_0_bn3/gamma', 'layer1_0_bn3/beta']
  expect(zeroed(bottleneck)).toEqual(['layer1_0_bn3/gamma'])
  const basic = [
    'layer1_0_bn2/gamma',
    'layer1_0_bn1/gamma',
    'layer1_0_bn2/beta',
    'layer4_1_bn1/gamma',
    'layer4_1_bn2/gamma',
  ]
  expect(zeroed(basic)).toEqual(['layer1_0_bn2/gamma', 'layer4_1_bn2/gamma'])
})

test('zeroGamma tells blocks apart, also layer1_1 from layer1_10 and layer1_1 from layer11_1', () => {
  const names = ['layer1_1_bn2/gamma', 'layer1_10_bn3/gamma', 'layer11_1_bn3/gamma', 'layer1_10_bn2/gamma']
  expect(zeroed(names)).toEqual(['layer1_1_bn2/gamma', 'layer1_10_bn3/gamma', 'layer11_1_bn3/gamma'])
})

test('zeroGamma tells blocks of one name apart by what stands before them', () => {
  const student = [1, 2].map((number) => `student/layer1_0_bn${number}/gamma`)
  const teacher = [1, 2, 3].map((number) => `teacher/layer1_0_bn${number}/gamma`)
  expect(zeroed([...student, ...teacher])).toEqual(['student/layer1_0_bn2/gamma', 'teacher/layer1_0_bn3/gamma'])
  const torch = ['a.layer1.0.bn1.weight', 'b.layer1.0.bn2.weight', 'a.layer1.0.bn2.weight', 'b.layer1.0.bn3.weight']
  expect(zeroed(torch)).toEqual(['a.layer1.0.bn2.weight', 'b.layer1.0.bn3.weight'])
})

test('zeroGamma takes the names of torch and timm', () => {
  const names = ['layer3.22.bn1.weight', 'layer3.22.bn2.weight', 'layer3.22.bn3.weight', 'module.layer2.0.bn2.weight']
  expect(zeroed(names)).toEqual(['layer3.22.bn3.weight', 'module.layer2.0.bn2.weight'])
})

test('zeroGamma takes the suffix that later models in one process get', () => {
  for (const suffix of ['_1', '_12']) {
    const names = [1, 2, 3].map((number) => `layer1_0_bn${number}/gamma${suffix}`)
    expect(zeroed(names)).toEqual([`layer1_0_bn3/gamma${suffix}`])
  }
})

test('zeroGamma leaves the stem, the shortcut, the kernels and the statistics alone', () => {
  const others = [
    'bn1/gamma',
    'bn1.weight',
    'layer1_0_downsample_1/gamma',
    'layer1.0.downsample.1.weight',
    'layer1_0_conv3/kernel',
    'layer1_0_bn3/beta',
    'layer1_0_bn3/moving_mean',
    'layer1.0.bn3.bias',
    'layer1.0.bn3.running_var',
    'layer1_0_bn3/gamma/momentum',
    'fc/bias',
  ]
  expect(zeroed([...others, 'layer1_0_bn3/gamma'])).toEqual(['layer1_0_bn3/gamma'])
})

test('zeroGamma writes zeros of the right shape and touches nothing else', () => {
  const variables = plain(['layer1_0_bn2/gamma', 'layer1_0_bn3/gamma'])
  zeroGamma(arrays, variables)
  expect(variables.map(({ value }) => value)).toEqual([
    [1, 1],
    [0, 0],
  ])
})

const filled = (name: string) => tf.tidy(() => tf.variable(tf.fill([3], 2), true, name))

test('zeroGamma(tf, variables) sets tf.Variables and keeps no tensor', () => {
  const first = filled('layer1_0_bn2/gamma')
  const last = filled('layer1_0_bn3/gamma')
  const before = tf.memory()
  expect(zeroGamma(tf, [first, last])).toEqual(['layer1_0_bn3/gamma'])
  expect(tf.memory().numTensors).toBe(before.numTensors)
  expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers)
  expect(last).toBeClose([0, 0, 0])
  expect(first).toBeClose([2, 2, 2])
  tf.dispose([first, last])
})

test('zeroGamma(tf, model.weights) makes a fresh residual block its shortcut', () => {
  const input = tf.input({ shape: [3] })
  const branch = tf.layers.dense({ units: 3, name: 'layer1_0_conv2' }).apply(input)
  const norm = tf.layers.batchNormalization({ name: 'layer1_0_bn2' }).apply(branch)
  const sum = tf.layers.add().apply([input, norm as tf.SymbolicTensor]) as tf.SymbolicTensor
  const model = tf.model({ inputs: input, outputs: sum })
  const x = [[1, -2, 3]]
  expect(model.predict(tf.tensor2d(x)) as tf.Tensor).not.toBeClose(x, 1e-3)
  const before = tf.memory().numTensors
  expect(zeroGamma(tf, model.weights)).toEqual(['layer1_0_bn2/gamma'])
  expect(tf.memory().numTensors).toBe(before)
  expect(model.predict(tf.tensor2d(x)) as tf.Tensor).toBeClose(x)
})

test('zeroGamma(ops, variables, { match }) goes by the names one asks for', () => {
  const names = ['conv2_block1_2_bn/gamma', 'conv2_block1_3_bn/gamma', 'layer1_0_bn3/gamma']
  const match = (name: string) => name.endsWith('_3_bn/gamma')
  expect(zeroGamma(arrays, plain(names), { match })).toEqual(['conv2_block1_3_bn/gamma'])
  const last = (name: string, all: readonly string[]) => name === all.at(-1)
  expect(zeroGamma(arrays, plain(names), { match: last })).toEqual(['layer1_0_bn3/gamma'])
})

test('zeroGamma throws where nothing matches, and says what it saw', () => {
  const message = 'zeroGamma: match must find a γ among the variables, got none in [bn1/gamma, fc/kernel]'
  expect(() => zeroed(['bn1/gamma', 'fc/kernel'])).toThrow(new RangeError(message))
  expect(() => zeroed([])).toThrow(RangeError)
})

test('zeroGamma refuses variables that cannot be written', () => {
  // @ts-expect-error neither write nor assign
  expect(() => zeroGamma(arrays, [{ name: 'layer1_0_bn3/gamma', shape: [1] }])).toThrow(TypeError)
  // @ts-expect-error operations on arrays cannot fill a tf.Variable
  expect(() => zeroGamma(arrays, [tf.variable(tf.ones([1]), true, 'layer9_0_bn3/gamma')])).toThrow()
})
