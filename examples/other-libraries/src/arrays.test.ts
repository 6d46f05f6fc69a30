import { distillationLoss } from '@bag-of-tricks/kd-loss'
import { unscale } from '@bag-of-tricks/mixed-precision'
import { mixup } from '@bag-of-tricks/mixup'
import { expect, expectTypeOf, test } from 'vitest'
import { arrayOps, type Nested } from './arrays'

const { add, clone, gather, logSoftmax, mul, softmax, sub, sum, zeros } = arrayOps
const cube = [[[1, 2, 3]], [[4, 5, 6]]]

test('add, sub, mul and clone take nested arrays of any depth, and add and mul a number', () => {
  expect(add(cube, cube)).toEqual([[[2, 4, 6]], [[8, 10, 12]]])
  expect(sub(cube, mul(cube, 2))).toEqual([[[-1, -2, -3]], [[-4, -5, -6]]])
  expect(add(1, 2)).toBe(3)
  expect(add([[1], [2]], 0.5)).toEqual([[1.5], [2.5]])
  const copy = clone(cube)
  expect(copy).toEqual(cube)
  expect(copy[0]![0]).not.toBe(cube[0]![0])
  expectTypeOf(copy).toEqualTypeOf<number[][][]>()
})

test('sum adds up everything, or the last axis', () => {
  expect(sum(cube)).toBe(21)
  expect(sum(7)).toBe(7)
  expect(sum(cube, -1)).toEqual([[6], [15]])
})

test('gather takes rows of the first axis, zeros a shape', () => {
  expect(gather(cube, [1, 1, 0])).toEqual([cube[1], cube[1], cube[0]])
  expect(zeros([2, 1, 3])).toEqual([[[0, 0, 0]], [[0, 0, 0]]])
})

test('softmax and logSoftmax run over the last axis and stay finite for logits of 10,000', () => {
  const ln3 = Math.log(3)
  // e^ln3 : e^0 is 3 : 1.
  expect(softmax([[[ln3, 0]], [[0, ln3]]])).toBeClose([[[0.75, 0.25]], [[0.25, 0.75]]], 1e-15)
  expect(logSoftmax([[1e4, -1e4]])).toEqual([[0, -2e4]])
})

test('the tricks take arrayOps and keep the type of what they are given', () => {
  const rows = [[1, 2]]
  expectTypeOf(mixup(arrayOps, rows, rows).images).toEqualTypeOf<number[][]>()
  expectTypeOf(distillationLoss(arrayOps, rows, rows, rows)).toEqualTypeOf<Nested[]>()
  const { gradients, finite } = unscale<number[][], number>(arrayOps, { kernel: rows }, 2)
  expect([gradients, finite]).toEqual([{ kernel: [[0.5, 1]] }, true])
})
