import { expect, test } from 'vitest'
import { trainingFlops } from './flops'

test('trainingFlops(products) counts 2 operations a multiply-add, three times, but no gradient of the input for the first', () => {
  const stem = { kernel: [7, 7, 3, 64], output: [null, 112, 112, 64] }
  const dense = { kernel: [2048, 1000], output: [null, 1000] }
  // 7·7·3·64 · 112·112 = 118,013,952 multiply-adds; twice two of them. 2,048 · 1,000 = 2,048,000, three times two.
  expect(trainingFlops([stem, dense])).toBe(118_013_952 * 4 + 2_048_000 * 6)
})
