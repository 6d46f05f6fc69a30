import { disableFastGradients, enableFastGradients } from '@bag-of-tricks/fast-gradients'
import * as tf from '@tensorflow/tfjs-node'
import { afterEach, describe, expect, expectTypeOf, test } from 'vitest'
import { autocast, type Precision } from './index'
import { precisions } from './testing/fixture'
import { fine, halfKernels, nearest } from './testing/kernels'

afterEach(() => disableFastGradients(tf))

const first = (tensor: tf.Tensor) => tensor.dataSync()[0]!
const relu = () => tf.relu(tf.scalar(fine))

test.each(halfKernels)('autocast(tf, precision, f) computes in half precision: %s', (_, f) => {
  expect(first(f())).toBe(fine)
  for (const precision of precisions) {
    const result = autocast(tf, precision, f)
    expect(result.dtype).toBe('float32')
    expect(first(result)).toBe(nearest[precision])
  }
  expect(first(f())).toBe(fine)
})

test('autocast adds half tensors in half precision, and others in float32', () => {
  const [half, float] = autocast(tf, 'bfloat16', () => {
    const [one, small] = [tf.scalar(1), tf.scalar(2 ** -9)]
    return [tf.add(tf.relu(one), tf.relu(small)), tf.add(one, small)]
  })
  expect(half).toBeClose(1, 0)
  expect(float).toBeClose(1 + 2 ** -9, 0)
})

test('autocast runs ops that have no half kernel in float32, on the half numbers', () => {
  // e, and e + 3; in bfloat16 they would be 2.71875 and 5.71875.
  const results = autocast(tf, 'bfloat16', () => [tf.exp(relu()), tf.add(tf.exp(relu()), tf.mul(3, relu()))])
  expect(results.map(first)).toBeClose([Math.E, Math.E + 3], 1e-6)
})

test('autocast gives float32 for good: what is computed with it afterwards is not rounded', () => {
  const column = tf.tensor2d([[fine]])
  const results = autocast(tf, 'bfloat16', () => {
    const [a, b, c] = [1, 2, 4].map((value) => tf.relu(tf.tensor2d([[value]])))
    return { a: a!, rest: [b!, { c: c! }] as const, note: 'kept' }
  })
  expect(results.note).toBe('kept')
  const { a, rest } = results
  expect([a, rest[0], rest[1].c].map((y) => first(tf.matMul(y, column)))).toEqual([fine, 2 * fine, 4 * fine])
  expect(first(tf.add(a, tf.tensor2d([[2 ** -9]])))).toBe(1 + 2 ** -9)
})

test('autocast gives what f gives, of the same type', () => {
  const x = tf.zeros([1, 2, 2, 1]) as tf.Tensor4D
  expectTypeOf(autocast(tf, 'bfloat16', () => tf.relu(x))).toEqualTypeOf<tf.Tensor4D>()
  expect(autocast(tf, 'bfloat16', () => 'text')).toBe('text')
  expect(autocast(tf, 'bfloat16', () => {})).toBeUndefined()
  expect(autocast(tf, 'bfloat16', () => x)).toBe(x)
  const integers = tf.tensor1d([1, -2], 'int32')
  expect(autocast(tf, 'bfloat16', () => tf.relu(integers)).dtype).toBe('int32')
})

test('half tensors can be read inside f, and stay half ones', () => {
  const values = autocast(tf, 'bfloat16', () => {
    const y = relu()
    const read = [first(y), first(y), y.arraySync() as number]
    return [...read, first(tf.add(y, tf.relu(tf.scalar(2 ** -9))))]
  })
  expect(values).toEqual([1, 1, 1, 1])
})

test('autocast inside autocast computes in the inner precision, then in the outer one again', () => {
  const results = autocast(tf, 'bfloat16', () => {
    const before = relu()
    return [before, autocast(tf, 'float16', () => autocast(tf, 'float16', relu)), relu()]
  })
  expect(results.map(first)).toEqual([1, nearest.float16, 1])
  expect(first(relu())).toBe(fine)
})

test('errors inside f come out, and end the scope they were thrown in only', () => {
  const fail = () => {
    throw new Error('mine')
  }
  const result = autocast(tf, 'float16', () => {
    expect(() => autocast(tf, 'bfloat16', fail)).toThrow(new Error('mine'))
    return relu()
  })
  expect(first(result)).toBe(nearest.float16)
  expect(() => autocast(tf, 'bfloat16', fail)).toThrow(new Error('mine'))
  expect(first(relu())).toBe(fine)
})

test('autocast refuses other precisions by name, and what is no function', () => {
  for (const bad of ['float32', 'half', 'toString', undefined]) {
    const message = `autocast: precision must be bfloat16 or float16, got ${bad}`
    expect(() => autocast(tf, bad as Precision, relu)).toThrow(new RangeError(message))
  }
  expect(() => autocast(tf, 'bfloat16', tf.scalar(1) as never)).toThrow(
    new TypeError('autocast: f must be a function, got object'),
  )
})

test('autocast refuses an f that goes on after its return', () => {
  // @ts-expect-error a promise is no tensor
  const promise = () => autocast(tf, 'bfloat16', async () => relu())
  expect(promise).toThrow(new TypeError('autocast: f must be synchronous, got a promise'))
  const rejected = async () => {
    throw new Error('mine')
  }
  expect(() => autocast(tf, 'bfloat16', rejected as never, { emulate: true })).toThrow('got a promise')
  expect(first(relu())).toBe(fine)
})

test('autocast refuses other backends by name, and says what can be done there', async () => {
  await tf.setBackend('cpu')
  try {
    expect(() => autocast(tf, 'bfloat16', relu)).toThrow("the backend 'cpu' has no half precision")
    expect(() => autocast(tf, 'bfloat16', relu)).toThrow('{ emulate: true }')
  } finally {
    await tf.setBackend('tensorflow')
  }
})

describe('enableFastGradients', () => {
  const norm = tf.layers.batchNormalization({})
  const normalize = () => norm.apply(tf.tensor2d([[1], [3]]), { training: true }) as tf.Tensor

  /** Names of TensorFlow's ops that run meanwhile. */
  function opsOf(f: () => void): string[] {
    const backend = tf.backend() as unknown as { binding: { executeOp(name: string, ...rest: unknown[]): unknown } }
    const { binding } = backend
    const names: string[] = []
    const executeOp = (name: string, ...rest: unknown[]) => {
      names.push(name)
      return binding.executeOp(name, ...rest)
    }
    backend.binding = Object.create(binding, { executeOp: { value: executeOp } })
    try {
      f()
    } finally {
      backend.binding = binding
    }
    return names
  }

  test('is called by autocast where it has not been', () => {
    const stock = tf.getKernel('Relu', 'tensorflow')
    autocast(tf, 'bfloat16', relu)
    expect(tf.getKernel('Relu', 'tensorflow')).not.toBe(stock)
  })

  test('before autocast keeps its choice of ops, and makes another one afterwards', () => {
    expect(enableFastGradients(tf, { fusedOps: false })).toMatchObject({ fusedOps: false })
    const pass = () => void autocast(tf, 'bfloat16', normalize)
    expect(opsOf(pass)).toContain('FusedBatchNormV3')
    expect(enableFastGradients(tf)).toEqual({ fusedOps: true })
    expect(opsOf(pass)).toContain('BagOfTricksBatchNorm')
  })

  test('can be undone after autocast: what was half stays readable, and autocast goes on', () => {
    const half: tf.Tensor[] = []
    autocast(tf, 'bfloat16', () => {
      half.push(relu())
    })
    disableFastGradients(tf)
    expect(first(relu())).toBe(fine)
    expect(first(tf.add(half[0]!, tf.scalar(2 ** -9)))).toBe(1 + 2 ** -9)
    half[0]!.dispose()
    expect(first(autocast(tf, 'bfloat16', relu))).toBe(1)
  })
})
