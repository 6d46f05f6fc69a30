import { expect, test } from 'vitest'
import { mean, median, round, standardDeviation } from './statistics'

test('median(values) is the middle one, or the mean of the middle two, in whatever order', () => {
  expect(median([3])).toBe(3)
  expect(median([9, 1, 4])).toBe(4)
  expect(median([8, 1, 2, 100])).toBe(5)
})

test('median(values) leaves the values as they were and refuses to be one of none', () => {
  const values = [2, 1]
  median(values)
  expect(values).toEqual([2, 1])
  expect(() => median([])).toThrow(RangeError)
})

test('mean(values) is sum by count', () => {
  expect(mean([1, 2, 6])).toBe(3)
  expect(() => mean([])).toThrow(RangeError)
})

test('standardDeviation(values) is that of a sample, by n − 1', () => {
  // Mean 4, squares 4 + 1 + 9 = 14, by 2.
  expect(standardDeviation([2, 3, 7])).toBeClose(Math.sqrt(7), 1e-12)
  expect(() => standardDeviation([1])).toThrow(RangeError)
})

test('round(value, digits) keeps a number', () => {
  expect(round(2.34567, 2)).toBe(2.35)
  expect(round(1234.5, 0)).toBe(1235)
})
