import * as tf from '@tensorflow/tfjs-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { autocast, type Precision } from './index'
import { precisions } from './testing/fixture'
import { fine, halfKernels, nearest } from './testing/kernels'

const first = (tensor: tf.Tensor) => tensor.dataSync()[0]!
const relu = () => tf.relu(tf.scalar(fine))
const emulated = <T extends tf.TensorContainer>(precision: Precision, f: () => T) =>
  autocast(tf, precision, f, { emulate: true })

describe.each(['cpu', 'tensorflow'])('on the backend %s', (backend) => {
  beforeAll(async () => void (await tf.setBackend(backend)))
  afterAll(async () => void (await tf.setBackend('tensorflow')))

  test.each(halfKernels)('autocast with { emulate: true } rounds what half precision computes: %s', (_, f) => {
    for (const precision of precisions) expect(first(emulated(precision, f))).toBe(nearest[precision])
  })

  test('emulation rounds both factors of a product, then the product', () => {
    // Midway between 1 and the next number of bfloat16: 1, times 3; rounded afterwards alone it would be 3 + 2⁻⁶.
    const [midway, three] = [1 + 2 ** -8, 3].map((value) => tf.tensor2d([[value]])) as [tf.Tensor2D, tf.Tensor2D]
    const picture = (x: tf.Tensor2D) => tf.reshape(x, [1, 1, 1, 1]) as tf.Tensor4D
    for (const [a, b] of [
      [midway, three],
      [three, midway],
    ] as const) {
      expect(first(emulated('bfloat16', () => tf.matMul(a, b)))).toBe(3)
      expect(first(emulated('bfloat16', () => tf.conv2d(picture(a), picture(b), 1, 'valid')))).toBe(3)
    }
    // Midway between the largest number of float16 and the one that would follow.
    const sum = () => tf.matMul(tf.tensor2d([[65504, 16]]), tf.ones([2, 1]))
    expect(first(emulated('float16', sum))).toBe(Number.POSITIVE_INFINITY)
  })

  test('emulation rounds neither other ops nor integers', () => {
    expect(first(emulated('bfloat16', () => tf.mul(tf.scalar(fine), 1)))).toBe(fine)
    const pooled = emulated('bfloat16', () =>
      tf.maxPool(tf.tensor4d([257, 1], [1, 2, 1, 1], 'int32'), [2, 1], 1, 'valid'),
    )
    expect(pooled).toBeClose([[[[257]]]], 0)
  })

  test('emulation leaves the statistics of batch norm whole', () => {
    // bfloat16 would make the mean 4 − 2⁻⁶.
    const [x, mean, variance] = [
      tf.fill([1, 1, 1, 1], 4) as tf.Tensor4D,
      tf.tensor1d([4 - 1.25 * 2 ** -7]),
      tf.ones([1]),
    ]
    const y = emulated('bfloat16', () => tf.batchNorm(x, mean, variance as tf.Tensor1D, undefined, undefined, 0))
    expect(first(y)).toBe(1.25 * 2 ** -7)
    const norm = tf.layers.batchNormalization({ momentum: 0 })
    emulated('bfloat16', () => norm.apply(tf.tensor2d([[1], [1 + 2 ** -7]]), { training: true }) as tf.Tensor)
    // (1 + 1 + 2⁻⁷)/2; bfloat16 has nothing between 1 and 1 + 2⁻⁷.
    expect(norm.getWeights()[2]!).toBeClose([1 + 2 ** -8], 0)
  })

  test('emulation in an emulation rounds to the inner precision alone, then to the outer one again', () => {
    const results = emulated('bfloat16', () => [relu(), emulated('float16', relu), relu()])
    expect(results.map(first)).toEqual([1, nearest.float16, 1])
  })

  test('emulation ends with f, also by an error', () => {
    const { runKernel } = tf.engine()
    const fail = () => {
      throw new Error('mine')
    }
    expect(
      first(
        emulated('float16', () => {
          expect(() => emulated('bfloat16', fail)).toThrow(new Error('mine'))
          return relu()
        }),
      ),
    ).toBe(nearest.float16)
    expect(() => emulated('bfloat16', fail)).toThrow(new Error('mine'))
    expect(tf.engine().runKernel).toBe(runKernel)
    expect(first(relu())).toBe(fine)
  })

  test('emulation runs what the engine runs then', () => {
    emulated('bfloat16', relu)
    const engine = tf.engine() as unknown as { runKernel(name: string, ...rest: unknown[]): tf.Tensor }
    const { runKernel } = engine
    const names: string[] = []
    engine.runKernel = (name, ...rest) => {
      names.push(name)
      return runKernel.call(engine, name, ...rest)
    }
    try {
      expect(first(emulated('bfloat16', relu))).toBe(1)
    } finally {
      engine.runKernel = runKernel
    }
    expect(names).toContain('Relu')
  })

  test('emulation leaves nothing behind but what ops give, with gradients and without, inside of tf.tidy and outside', () => {
    const x = tf.scalar(fine)
    const square = () => tf.square(tf.relu(tf.relu(x)))
    const before = tf.memory().numTensors
    // Two of ReLU, one square.
    tf.dispose(emulated('float16', square))
    expect(tf.memory().numTensors).toBe(before + 2)
    tf.tidy(() => void emulated('float16', square))
    expect(tf.memory().numTensors).toBe(before + 2)
    tf.grad(() => emulated('float16', square))(x).dispose()
    expect(tf.memory().numTensors).toBe(before + 2)
  })
})

test('emulation leaves fast gradients as they are', () => {
  const kernel = tf.getKernel('Relu', 'tensorflow')
  emulated('bfloat16', relu)
  expect(tf.getKernel('Relu', 'tensorflow')).toBe(kernel)
})
