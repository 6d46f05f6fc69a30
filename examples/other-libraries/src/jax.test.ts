import { distillationLoss } from '@bag-of-tricks/kd-loss'
import { smoothLabels } from '@bag-of-tricks/label-smoothing'
import { grad, init, jit, numpy as np, tree } from '@jax-js/jax'
import { beforeAll, expect, expectTypeOf, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/kd-loss.json'
import { tidy } from './jax'
import { countArrays } from './testing/jax-library'

let live: () => number
beforeAll(async () => {
  await init('wasm')
  live = countArrays()
})

test.each(fixture.cases)('a trick inside grad and jit has torch’s gradient at temperature $temperature', (torch) => {
  const { temperature, hardWeight, gradient } = torch
  const [student, teacher, labels] = [fixture.student, fixture.teacher, fixture.labels].map((x) => np.array(x))
  const loss = (z: np.Array, r: np.Array, p: np.Array) => {
    const losses = tidy((ops) => distillationLoss(ops, z, r, p, { temperature, hardWeight }))
    tree.dispose([z, r, p])
    return np.mean(losses)
  }
  const before = live()
  const compiled = jit(grad(loss))
  for (const gradientOf of [grad(loss), compiled]) {
    // T² lifts what float32 loses in softmax(z/T) - softmax(r/T).
    const result = gradientOf(student!.ref, teacher!.ref, labels!.ref)
    expect(result.js()).toBeClose(gradient, 1e-7 * Math.max(1, temperature ** 2))
  }
  compiled.dispose()
  expect(live()).toBe(before)
  tree.dispose([student, teacher, labels])
  expect(live()).toBe(before - 3)
})

test('tidy gives what run returns, of any nesting, and keeps its type', () => {
  const x = np.array([1, 2])
  const before = live()
  const result = tidy((ops) => {
    const double = ops.mul(x, 2)
    return { double, list: [ops.add(double, x), x], text: 'two', number: 2, nothing: undefined }
  })
  expectTypeOf(result.list).toEqualTypeOf<np.Array[]>()
  expect(result).toMatchObject({ text: 'two', number: 2, nothing: undefined })
  // x is in the result too: a reference more, not an array more.
  expect([live(), x.refCount]).toEqual([before + 2, 2])
  expect([result.double.js(), result.list[0]!.js(), result.list[1]!.js(), x.js()]).toEqual([
    [2, 4],
    [3, 6],
    [1, 2],
    [1, 2],
  ])
  expect(live()).toBe(before - 1)
})

test('tidy frees what was made when run throws', () => {
  const x = np.array([[0, 1]])
  const before = live()
  const run = () =>
    tidy((ops) => {
      ops.sum(smoothLabels(ops, x, 2))
      throw new Error('halfway')
    })
  expect(run).toThrow('halfway')
  expect([live(), x.refCount]).toEqual([before, 1])
  x.dispose()
})
