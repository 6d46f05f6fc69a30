import { expect, test } from 'vitest'
import { agreement } from './agreement'

test('agreement(curves) takes the largest difference of the first 20 steps, whichever sign', () => {
  const stock = Array<number>(30).fill(2)
  const fast = stock.with(3, 1.75)
  const fused = stock.with(7, 2.125).with(20, 9)
  const reordered = stock.with(19, 2.5)
  const { differences } = agreement({ stock, reordered, fast, fused, bfloat16: stock })
  expect(differences).toEqual({ fast: 0.25, fused: 0.125, bfloat16: 0, reordered: 0.5 })
})

test('agreement(curves) compares where bfloat16 ends, by the mean of the last 20 losses', () => {
  // 20 losses of 2: 40. The same, but 10 of them 2.5: 45. 45 / 40 = 1.125; what came before does not count.
  const stock = Array<number>(40).fill(2)
  const bfloat16 = [...Array<number>(20).fill(9), ...Array<number>(10).fill(2), ...Array<number>(10).fill(2.5)]
  expect(agreement({ stock, reordered: stock, fast: stock, fused: stock, bfloat16 }).bfloat16EndRatio).toBe(1.125)
})
