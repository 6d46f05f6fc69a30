import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { beforeAll, expect, expectTypeOf, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/kd-loss.json'
import { type DistillationOps, distillationLoss } from './index'

beforeAll(() => tf.setBackend('cpu'))

const logSoftmax = (row: number[]) => {
  const most = Math.max(...row)
  const total = most + Math.log(row.reduce((sum, value) => sum + Math.exp(value - most), 0))
  return row.map((value) => value - total)
}
const arrays: DistillationOps<number[][], number[]> = {
  logSoftmax: (x) => x.map(logSoftmax),
  softmax: (x) => x.map((row) => logSoftmax(row).map(Math.exp)),
  mul: (x, y) => x.map((row, i) => row.map((value, j) => value * (typeof y === 'number' ? y : y[i]![j]!))),
  add: (x, y) => x.map((row, i) => row.map((value, j) => value + y[i]![j]!)),
  sum: (x) => x.map((row) => row.reduce((sum, value) => sum + value, 0)),
}
const { student, teacher, labels, cases, kullbackLeibler } = fixture
const tensors = () =>
  [student, teacher, labels].map((values) => tf.tensor2d(values)) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D]

test('distillationLoss of two equal logits everywhere is ln 2 for the label and T² ln 2 for the teacher', () => {
  // 0.6931472 · (1 + 9)
  const loss = distillationLoss(arrays, [[3, 3]], [[5, 5]], [[1, 0]], { temperature: 3 })
  expect(loss).toBeClose([6.931471805599453], 1e-12)
})

test.each(cases)(
  'distillationLoss gives torch’s losses and gradient at temperature $temperature, hardWeight $hardWeight',
  (torch) => {
    const { temperature, hardWeight, losses, gradient } = torch
    const scale = Math.max(...losses)
    expect(distillationLoss(arrays, student, teacher, labels, { temperature, hardWeight })).toBeClose(
      losses,
      1e-12 * scale,
    )
    const [z, r, p] = tensors()
    const loss = (x: tf.Tensor) => distillationLoss(tf, x as tf.Tensor2D, r, p, { temperature, hardWeight })
    expect(loss(z)).toBeClose(losses, 1e-6 * scale)
    // T² lifts what float32 loses in softmax(z/T) - softmax(r/T).
    expect(tf.grad((x) => tf.mean(loss(x)))(z)).toBeClose(gradient, 1e-7 * Math.max(1, temperature ** 2))
  },
)

test('distillationLoss has temperature 20 and hardWeight 1 where none are given', () => {
  expect(cases[0]).toMatchObject({ temperature: 20, hardWeight: 1 })
  expect(distillationLoss(arrays, student, teacher, labels)).toBeClose(cases[0]!.losses, 1e-9)
})

test('distillationLoss has the gradient of the Kullback-Leibler form of timm and Keras', () => {
  const [z, r, p] = tensors()
  const options = { temperature: kullbackLeibler.temperature, hardWeight: 0 }
  const gradient = tf.grad((x) => tf.mean(distillationLoss(tf, x as tf.Tensor2D, r, p, options)))(z)
  expect(gradient).toBeClose(kullbackLeibler.gradient, 2e-6)
})

test('distillationLoss has gradient 0 where student, teacher and labels agree', () => {
  const row = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 3, maxLength: 3 })
  fc.assert(
    fc.property(
      row,
      fc.double({ min: 0.5, max: 20, noNaN: true }),
      fc.double({ min: 0, max: 3, noNaN: true }),
      (values, temperature, hardWeight) =>
        tf.tidy(() => {
          // Two tensors: a teacher that is the student would be differentiated too.
          const z = tf.tensor2d([values])
          const r = tf.tensor2d([values])
          const loss = (x: tf.Tensor) =>
            tf.mean(distillationLoss(tf, x as tf.Tensor2D, r, tf.softmax(r), { temperature, hardWeight }))
          expect(tf.grad(loss)(z)).toBeClose([[0, 0, 0]], 1e-6 * Math.max(1, temperature ** 2))
        }),
    ),
    { numRuns: 30 },
  )
})

test('distillationLoss stays finite, in value and gradient, for logits of 10,000', () => {
  const z = tf.tensor2d([[1e4, -1e4, 0]])
  const r = tf.tensor2d([[-1e4, 1e4, 0]])
  const p = tf.tensor2d([[0, 0, 1]])
  const loss = (x: tf.Tensor) => distillationLoss(tf, x as tf.Tensor2D, r, p, { temperature: 1 })
  // -log q is 10,000 for the label and 20,000 for the teacher's class; softmax(z) is [1, 0, 0].
  expect(loss(z)).toBeClose([30_000], 1e-2)
  expect(tf.grad((x) => tf.sum(loss(x)))(z)).toBeClose([[2, -1, -1]])
})

test('distillationLoss takes whole-number one-hot labels and any rank', () => {
  const z = tf.zeros([2, 3, 4]) as tf.Tensor3D
  const oneHot = tf.oneHot(tf.zeros([2, 3], 'int32') as tf.Tensor2D, 4) as tf.Tensor3D
  // ln 4 · (1 + 2²)
  const expected = 6.931471805599453
  const loss = distillationLoss(tf, z, z, oneHot, { temperature: 2 })
  expect(loss).toBeClose(
    [1, 1].map(() => [expected, expected, expected]),
    1e-5,
  )
})

test('distillationLoss is one tensor that tf.mean and minimize take', () => {
  const weights = tf.variable(tf.tensor2d(student))
  const [, r, p] = tensors()
  expectTypeOf(distillationLoss(tf, r, r, p)).toEqualTypeOf<tf.Tensor>()
  expectTypeOf(distillationLoss(arrays, student, teacher, labels)).toEqualTypeOf<number[]>()
  const optimizer = tf.train.sgd(0.1)
  const step = () => optimizer.minimize(() => tf.mean(distillationLoss(tf, weights as tf.Tensor2D, r, p)), true)!
  expect(step().arraySync()).toBeGreaterThan(step().arraySync())
})

test('distillationLoss leaves the teacher alone where only the student is differentiated', () => {
  const z = tf.variable(tf.tensor2d(student))
  const r = tf.variable(tf.tensor2d(teacher))
  const p = tf.tensor2d(labels)
  const { grads } = tf.variableGrads(() => tf.mean(distillationLoss<tf.Tensor, tf.Tensor>(tf, z, r, p)), [z])
  expect(Object.keys(grads)).toEqual([z.name])
})

test('distillationLoss leaves its inputs alone and one tensor behind inside tf.tidy', () => {
  const [z, r, p] = tensors()
  const before = tf.memory().numTensors
  const loss = tf.tidy(() => distillationLoss(tf, z, r, p))
  expect(tf.memory().numTensors).toBe(before + 1)
  loss.dispose()
  expect(z).toBeClose(student, 1e-6)
  expect(r).toBeClose(teacher, 1e-6)
  expect(p).toBeClose(labels, 1e-6)
})

test('distillationLoss refuses bad arguments, by name and value', () => {
  for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    const message = `distillationLoss: temperature must be a positive number, got ${bad}`
    expect(() => distillationLoss(arrays, [[1]], [[1]], [[1]], { temperature: bad })).toThrow(new RangeError(message))
  }
  for (const bad of [-0.1, Number.NaN, Number.POSITIVE_INFINITY]) {
    const message = `distillationLoss: hardWeight must be a number, 0 or more, got ${bad}`
    expect(() => distillationLoss(arrays, [[1]], [[1]], [[1]], { hardWeight: bad })).toThrow(new RangeError(message))
  }
  const z = tf.ones([2, 5])
  const shape = 'must have the shape [2,5] of studentLogits, got [2,4]'
  const narrow = tf.ones([2, 4])
  expect(() => distillationLoss(tf, z, narrow, z)).toThrow(new RangeError(`distillationLoss: teacherLogits ${shape}`))
  expect(() => distillationLoss(tf, z, z, narrow)).toThrow(new RangeError(`distillationLoss: labels ${shape}`))
})

test('distillationLoss refuses ops of another tensor type', () => {
  const z = tf.ones([1, 2])
  // @ts-expect-error operations on arrays cannot take tensors
  expect(() => distillationLoss(arrays, z, z, z)).toThrow()
})
