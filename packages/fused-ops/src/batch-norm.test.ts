import { expect, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/fused-ops.json'
import { noise, relativeError, rounding } from './testing/closeness'
import { type Attributes, download, execute, type Handle, type Precision, precisions, upload } from './testing/execute'

const { shape, momentum, epsilon, in64ths, relu, addRelu } = fixture.batchNorm
const given = Object.fromEntries(
  Object.entries(in64ths).map(([name, values]) => [name, values.map((value) => value / 64)]),
) as Record<keyof typeof in64ths, number[]>

interface Layer {
  T?: Precision
  epsilon?: number
  momentum?: number
  relu?: boolean
}

const sizeOf = (shape: number[]) => shape.reduce((product, size) => product * size, 1)

function batchNorm([x, gamma, beta, mean, variance, ...side]: Handle[], layer: Layer = {}): Handle[] {
  const { T = 'float32', epsilon = 1e-3, momentum = 0.9, relu = false } = layer
  const attributes = { types: { T }, ints: { sides: side.length }, floats: { epsilon, momentum }, bools: { relu } }
  return execute('BagOfTricksBatchNorm', attributes, [x!, gamma!, beta!, mean!, variance!, ...side], 5)
}

function batchNormGrad(
  dy: Handle[],
  y: Handle[],
  rest: Handle[],
  { T = 'float32', G = T, side = false }: { T?: Precision; G?: Precision; side?: boolean } = {},
): Handle[] {
  const attributes = { types: { T, G }, ints: { dys: dy.length, masks: y.length }, bools: { side } }
  return execute('BagOfTricksBatchNormGrad', attributes, [...dy, ...y, ...rest], 4)
}

const vectors = (channels: number) =>
  [1, 0, 0, 1].map((value) => upload(new Float32Array(channels).fill(value), [channels]))

test.each<{ T: Precision; G: Precision; shift: number; tolerance: number }>([
  ...precisions.map((T) => ({ T, G: T, shift: 0, tolerance: 1e-6 })),
  ...precisions.slice(1).map((T) => ({ T, G: 'float32' as const, shift: 0, tolerance: 1e-6 })),
  // A float32 near 50 is a multiple of 2^-18, four millionths of σ.
  { T: 'float32', G: 'float32', shift: 50, tolerance: 4e-6 },
])('BagOfTricksBatchNorm in $T and its gradient in $G, mean $shift, are torch’s', ({ T, G, shift, tolerance }) => {
  for (const expected of [relu, addRelu]) {
    const plus = (values: number[], more: number) => values.map((value) => value + more)
    const x = upload(plus(given.x, shift), shape, T)
    const [gamma, ...others] = (['gamma', 'beta', 'movingMean', 'movingVariance'] as const).map((name) =>
      upload(given[name], [5]),
    )
    const add = expected === addRelu
    const side = add ? [upload(given.side, shape, T)] : []
    const layer = { T, epsilon, momentum, relu: true }
    const [y, mean, rstd, movingMean, movingVariance] = batchNorm([x, gamma!, ...others, ...side], layer)
    const dys = (add ? [given.dy, given.dy2] : [given.dy]).map((values) => upload(values, shape, G))
    const [dx, dgamma, dbeta, dside] = batchNormGrad(dys, [y!], [x, gamma!, mean!, rstd!], { T, G, side: add })

    const rounded = (type: Precision) => Math.max(tolerance, type === 'float32' ? 0 : 2 * rounding[type])
    expect(relativeError(download(y!, T), expected.y)).toBeLessThan(rounded(T))
    expect(relativeError(download(dx!, G), expected.dx)).toBeLessThan(rounded(G))
    if (add) expect(relativeError(download(dside!, G), addRelu.dside)).toBeLessThan(rounded(G))
    else expect(dside!.shape).toEqual([0])
    expect(relativeError(download(mean!), plus(expected.mean, shift))).toBeLessThan(1e-6)
    expect(relativeError(download(movingMean!), plus(expected.movingMean, (1 - momentum) * shift))).toBeLessThan(1e-6)
    expect(relativeError(download(rstd!), expected.rstd)).toBeLessThan(1e-6)
    expect(relativeError(download(movingVariance!), expected.movingVariance)).toBeLessThan(1e-6)
    expect(relativeError(download(dgamma!), expected.dgamma)).toBeLessThan(4e-6)
    expect(relativeError(download(dbeta!), expected.dbeta)).toBeLessThan(1e-6)
  }
})

test.each([[[7, 1]], [[2, 3, 3]], [[1, 2, 2, 300]], [[2, 1, 3, 2048]], [[3, 5, 7, 64]], [[16, 9, 9, 33]]])(
  'BagOfTricksBatchNorm of the shape %j, and its gradient, are those of TensorFlow’s own ops',
  (shape) => {
    const size = sizeOf(shape)
    const channels = shape.at(-1)!
    const pictures = [size / channels, 1, 1, channels]
    const x = noise(size, 1)
    // With something of x and of a constant in it, so that the sums do not cancel to rounding errors.
    const dy = noise(size, 2).map((value, i) => value + x[i]! + 1)
    const [gamma, beta] = [noise(channels, 3), noise(channels, 4)].map((values) => upload(values, [channels]))
    const stock: Attributes = {
      ...{ types: { T: 'float32', U: 'float32' }, floats: { epsilon: 1e-3 }, bools: { is_training: true } },
    }
    const none = upload([], [0])
    const expected = execute('FusedBatchNormV3', stock, [upload(x, pictures), gamma!, beta!, none, none], 6)
    const reserved = expected.slice(3)
    const given = [upload(dy, pictures), upload(x, pictures), gamma!, ...reserved]
    const gradients = execute('FusedBatchNormGradV3', stock, given, 5)

    const here = upload(x, shape)
    const [y, mean, rstd] = batchNorm([here, gamma!, beta!, ...vectors(channels).slice(2)])
    const found = batchNormGrad([upload(dy, shape)], [], [here, gamma!, mean!, rstd!])
    expect(y!.shape).toEqual(shape)
    expect(relativeError(download(y!), download(expected[0]!))).toBeLessThan(3e-6)
    for (let i = 0; i < 3; i++) expect(relativeError(download(found[i]!), download(gradients[i]!))).toBeLessThan(1e-5)
  },
)

test('BagOfTricksBatchNorm loses nothing to a mean a thousand times σ, nor to a first pixel far from all others', () => {
  // Channel 0: half 999, half 1001: mean 1000, variance 1. Channel 1: one 0, 999 times 1000: mean 999,
  // variance (999² + 999 · 1²) / 1000 = 999.
  const x = Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? (i % 4 === 0 ? 999 : 1001) : i === 1 ? 0 : 1000))
  const [y, mean, rstd] = batchNorm([upload(x, [1000, 2]), ...vectors(2)], { epsilon: 1e-12 })
  expect(download(mean!)).toBeClose([1000, 999])
  expect(download(rstd!)).toBeClose([1, 1 / Math.sqrt(999)])
  // (0 − 999) / √999 = −√999
  expect(download(y!).slice(0, 4)).toBeClose([-1, -Math.sqrt(999), 1, 1 / Math.sqrt(999)], 1e-5)
})

test('BagOfTricksBatchNorm gives NaN where NaN comes in, also through ReLU, and in its channel only', () => {
  const [y] = batchNorm([upload([Number.NaN, 1, 2, 3], [2, 2]), ...vectors(2)], { relu: true })
  // Channel 1 is 1 and 3: −1 and 1 over √(1 + 1e-3).
  expect(download(y!)).toBeClose([Number.NaN, 0, Number.NaN, 1 / Math.sqrt(1.001)])
})

test('BagOfTricksBatchNorm gives the same bits every time', () => {
  const inputs = [upload(noise(40_000, 1), [1000, 40]), ...vectors(40)]
  const [first, second] = [batchNorm(inputs), batchNorm(inputs)].map((outputs) =>
    outputs.map((output) => download(output)),
  )
  expect(first).toEqual(second)
})

test.each([
  ['x must not be empty, got [0,2]', [[0, 2]]],
  ['x must have at least two dimensions, got [2]', [[2]]],
  ['gamma must have the shape [2], got [3]', [[4, 2], [3]]],
  ['beta must have the shape [2], got [2,1]', [[4, 2], [2], [2, 1]]],
  ['moving_variance must have the shape [2], got [1]', [[4, 2], [2], [2], [2], [1]]],
  ['side must have the shape [4,2], got [2,4]', [[4, 2], [2], [2], [2], [2], [2, 4]]],
])('BagOfTricksBatchNorm refuses: %s', (message, shapes) => {
  const tensors = [...shapes, ...[[2], [2], [2], [2]].slice(Math.max(0, shapes.length - 1))]
  const zeros = tensors.map((shape) => upload(new Float32Array(sizeOf(shape)), shape))
  expect(() => batchNorm(zeros)).toThrow(new Error(`BagOfTricksBatchNorm: ${message}`))
})

test.each([
  ['x must not be empty, got [0,2]', { x: [0, 2] }],
  ['dy must have the shape [4,2], got [4,3]', { dy: [4, 3] }],
  ['y must have the shape [4,2], got [8]', { y: [8] }],
  ['gamma must have the shape [2], got [1]', { gamma: [1] }],
  ['mean must have the shape [2], got [4]', { mean: [4] }],
  ['rstd must have the shape [2], got []', { rstd: [] }],
])('BagOfTricksBatchNormGrad refuses: %s', (message, wrong) => {
  const shapes: Record<string, number[]> = {
    ...{ dy: [4, 2], y: [4, 2], x: [4, 2], gamma: [2], mean: [2], rstd: [2], ...wrong },
  }
  const [dy, y, ...rest] = Object.values(shapes).map((shape) => upload(new Float32Array(sizeOf(shape)), shape))
  expect(() => batchNormGrad([dy!], [y!], rest)).toThrow(new Error(`BagOfTricksBatchNormGrad: ${message}`))
})

test('BagOfTricksBatchNormGrad refuses a third gradient', () => {
  const [dy, x] = [upload([1, 2], [2, 1]), upload([3, 4], [2, 1])]
  expect(() => batchNormGrad([dy, dy, dy], [], [x, ...vectors(1).slice(0, 3)])).toThrow(
    'BagOfTricksBatchNormGrad: dy must be at most 2 tensors, got 3',
  )
})
