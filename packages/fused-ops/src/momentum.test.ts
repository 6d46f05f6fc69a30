import { expect, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/fused-ops.json'
import { noise, relativeError } from './testing/closeness'
import { createTensor, download, execute, type Handle, type Precision, precisions, upload } from './testing/execute'

interface Step {
  rate?: number
  momentum?: number
  factor?: number
  G?: Precision
  nesterov?: boolean
  decay?: number[]
  exclusive?: boolean
  shadow?: Precision
  shadowed?: boolean[]
}

function momentumStep(weights: Handle[], velocities: Handle[], gradients: Handle[], step: Step = {}) {
  const { rate = 0.1, momentum = 0.9, factor = 1, G = 'float32', nesterov = true, shadow = 'float32' } = step
  const N = weights.length
  const all = <T>(value: T) => new Array<T>(N).fill(value)
  const { decay = all(0), exclusive = false, shadowed = all(false) } = step
  const attributes = {
    types: { G, shadow },
    ints: { N },
    floats: { decay },
    bools: { nesterov, exclusive: all(exclusive), shadowed },
  }
  const inputs = [...weights, ...velocities, ...gradients, upload([rate, momentum, factor], [3])]
  const outputs = execute('BagOfTricksMomentum', attributes, inputs, 3 * N)
  return { weights: outputs.slice(0, N), velocities: outputs.slice(N, 2 * N), shadows: outputs.slice(2 * N) }
}

/** Memory of TensorFlow's own, as an op's result has it. */
function owned(values: ArrayLike<number>, shape = [values.length]): Handle {
  const opposite = upload(
    Float32Array.from(values, (value) => -value),
    shape,
  )
  return execute('Neg', { types: { T: 'float32' } }, [opposite], 1)[0]!
}

test.each(fixture.momentum)('BagOfTricksMomentum, nesterov $nesterov, descends as torch.optim.SGD', (run) => {
  const { nesterov, rate, momentum, decays: decay, shapes, weights64ths, gradients64ths, trajectory } = run
  const tensors = (lists: number[][]) =>
    lists.map((list, i) =>
      owned(
        list.map((value) => value / 64),
        shapes[i],
      ),
    )
  let state = { weights: tensors(weights64ths), velocities: tensors(weights64ths.map((list) => list.map(() => 0))) }
  gradients64ths.forEach((gradients, i) => {
    const settings = { nesterov, rate, momentum, decay, exclusive: true }
    state = momentumStep(state.weights, state.velocities, tensors(gradients), settings)
    state.weights.forEach((weights, j) => {
      expect(weights.shape).toEqual(shapes[j])
      expect(relativeError(download(weights), trajectory[i]![j]!)).toBeLessThan(1e-6)
    })
  })
})

test.each(precisions)(
  'BagOfTricksMomentum takes scaled gradients in %s and gives copies of the new weights in it',
  (T) => {
    // Powers of two scale without rounding.
    const values = [noise(70_000, 1), noise(7, 2)]
    const weights = values.map((list) => upload(list, [list.length]))
    const rest = values.map((list) => upload(new Float32Array(list.length), [list.length]))
    const gradients = values.map((list) =>
      upload(
        list.map((value) => 256 * value),
        [list.length],
        T,
      ),
    )
    const step = { G: T, factor: 1 / 256, nesterov: false, rate: 0.5, shadow: T, shadowed: [true, false] }
    const { weights: found, shadows } = momentumStep(weights, rest, gradients, step)
    // w − 0.5 · (256 · w, rounded) / 256
    const rounded = download(gradients[0]!, T)
    const expected = values[0]!.map((value, i) => value - 0.5 * (rounded[i]! / 256))
    expect(relativeError(download(found[0]!), expected)).toBeLessThan(1e-7)
    // TensorFlow's own Cast is the other opinion on rounding.
    expect(download(shadows[0]!, T)).toEqual(download(upload(download(found[0]!), [70_000], T), T))
    expect(shadows[1]!.shape).toEqual([0])
  },
)

test('BagOfTricksMomentum writes exclusive weights where they lie, and new tensors otherwise', () => {
  for (const exclusive of [true, false]) {
    const [weights, velocities, gradients] = [owned([1, 2]), owned([0, 0]), owned([1, 1])]
    const { weights: found } = momentumStep([weights], [velocities], [gradients], { exclusive, nesterov: false })
    // 1 − 0.1 · 1, 2 − 0.1 · 1
    expect(download(found[0]!)).toBeClose([0.9, 1.9])
    expect(download(weights)).toBeClose(exclusive ? [0.9, 1.9] : [1, 2])
    expect(download(velocities)).toBeClose(exclusive ? [1, 1] : [0, 0])
    expect(download(gradients)).toBeClose([1, 1])
  }
})

test('BagOfTricksMomentum leaves memory alone that another tensor shares, whatever the caller says', () => {
  const weights = owned([1, 2])
  const other = execute('Reshape', { types: { T: 'float32' } }, [weights, shapeOf([2, 1])], 1)[0]!
  const { weights: found } = momentumStep([weights], [owned([0, 0])], [owned([1, 1])], {
    exclusive: true,
    nesterov: false,
  })
  expect(download(other)).toBeClose([1, 2])
  expect(download(found[0]!)).toBeClose([0.9, 1.9])
})

test('BagOfTricksMomentum leaves a tensor alone that it is given twice', () => {
  const both = owned([1, 2])
  const { weights, velocities } = momentumStep([both], [owned([0, 0])], [both], { exclusive: true, nesterov: false })
  expect(download(both)).toBeClose([1, 2])
  expect(download(weights[0]!)).toBeClose([0.9, 1.8])
  expect(download(velocities[0]!)).toBeClose([1, 2])
})

test('BagOfTricksMomentum leaves the arrays alone that tfjs uploaded', () => {
  // TensorFlow takes an array that lies at a multiple of 64 bytes as it is: one in four does.
  const arrays = Array.from({ length: 64 }, (_, i) => new Float32Array(20 + i).fill(1))
  const weights = arrays.map((array) => createTensor(array))
  const zeros = arrays.map((array) => owned(array.map(() => 0)))
  momentumStep(
    weights,
    zeros,
    arrays.map((array) => owned(array)),
    { exclusive: true },
  )
  for (const array of arrays) expect(array.every((value) => value === 1)).toBe(true)
})

test('BagOfTricksMomentum takes scalars and tensors without a value', () => {
  const { weights } = momentumStep(
    [upload([], [0, 3]), upload([1], [])],
    [upload([], [0, 3]), upload([0], [])],
    [upload([], [0, 3]), upload([2], [])],
    { exclusive: true, nesterov: false },
  )
  // 1 − 0.1 · 2
  expect(weights.map((weight) => [weight.shape, ...download(weight)])).toEqual([[[0, 3]], [[], Math.fround(0.8)]])
})

test('BagOfTricksMomentum refuses lists of another length and tensors of another shape', () => {
  const [two, three] = [upload([1, 2], [2]), upload([1, 2, 3], [3])]
  const refused = (step: () => unknown, message: string) =>
    expect(step).toThrow(new Error(`BagOfTricksMomentum: ${message}`))
  refused(() => momentumStep([two], [three], [two]), 'velocities must have the shape [2], got [3]')
  refused(() => momentumStep([two], [two], [three]), 'gradients must have the shape [2], got [3]')
  refused(() => momentumStep([two], [two], [two], { decay: [0, 0] }), 'decay must have 1 entries, got 2')
  refused(() => momentumStep([two], [two], [two], { shadowed: [] }), 'shadowed must have 1 entries, got 0')
})

test.each(precisions)('BagOfTricksFinite finds one infinity or NaN among all gradients in %s', (G) => {
  const finite = (...lists: ArrayLike<number>[]) => {
    const gradients = lists.map((list) => upload(list, [list.length], G))
    const [found] = execute('BagOfTricksFinite', { types: { G }, ints: { N: lists.length } }, gradients, 1)
    return [...download(found!)]
  }
  const many = noise(50_001, 1)
  expect(finite(many, [], [65504, -65504, 2 ** -24])).toEqual([1])
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    expect(finite(many, [1, bad])).toEqual([0])
    expect(
      finite(
        many.map((value, i) => (i === 50_000 ? bad : value)),
        [1],
      ),
    ).toEqual([0])
  }
})

function shapeOf(shape: number[]): Handle {
  return createTensor(Int32Array.from(shape))
}
