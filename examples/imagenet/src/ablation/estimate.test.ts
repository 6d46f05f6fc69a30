import { describe, expect, test } from 'vitest'
import { estimate, pairedDifference } from './estimate'
import { differenceText, meanText } from './estimate-text'

// 70, 71, 75: mean 72, deviations −2, −1, 3, s² = 14/2 = 7, √(7/3) = 1.527525.
test('estimate(values) gives the mean and its standard error by n − 1', () => {
  const { count, mean, standardError } = estimate([70, 71, 75])
  expect([count, mean]).toEqual([3, 72])
  expect(standardError).toBeClose(1.527525, 1e-6)
  expect(estimate([70]).standardError).toBeNaN()
})

test('means and differences of fewer seeds than others say so', () => {
  expect(meanText(estimate([0.7]), 3)).toBe('70.00 (one seed)')
  expect(meanText(estimate([0.7, 0.71]), 3)).toBe('70.50 ± 0.50 (2 seeds)')
  expect(meanText(estimate([0.7, 0.71]), 2)).toBe('70.50 ± 0.50')
  const pairs = (...values: number[]) => new Map(values.map((value, seed) => [seed, value]))
  // Differences 1 and 2: mean 1.5, s = 0.7071, ± 12.706 · 0.7071/√2 = 6.35.
  const two = pairedDifference(pairs(0.71, 0.72), pairs(0.7, 0.7))
  expect(differenceText(two, 3)).toBe('+1.50 ± 6.35 (2 seeds, cannot tell)')
  expect(differenceText(two, 2)).toBe('+1.50 ± 6.35 (cannot tell)')
})

describe('pairedDifference(after, before)', () => {
  const seeds = (...values: number[]) => new Map(values.map((value, seed) => [seed, value]))

  // Differences 1, 2, 3: mean 2, s = 1, standard error 1/√3, t(2) = 4.303: ± 2.484338. Unpaired, 70 to 90 would drown it.
  test('tells a small change from a large spread among seeds', () => {
    const found = pairedDifference(seeds(71, 82, 93), seeds(70, 80, 90))
    expect(found.mean).toBeClose(2)
    expect(found.margin).toBeClose(2.484338, 1e-5)
    expect(found.verdict).toBe('cannot tell')
  })

  // Differences 2, 2.1, 2.2: mean 2.1, s = 0.1, ± 4.303 · 0.1/√3 = 0.248434.
  test.each([
    [1, 'better'],
    [-1, 'worse'],
  ])('gives the verdict of a change that is beyond its interval: sign %i', (sign, verdict) => {
    const found = pairedDifference(seeds(sign * 2, sign * 2.1, sign * 2.2), seeds(0, 0, 0))
    expect(found.margin).toBeClose(0.248434, 1e-5)
    expect(found.verdict).toBe(verdict)
  })

  // Of a hundred pictures each seed gains one: no spread, and no proof.
  test('says nothing of differences that are all the same', () => {
    const found = pairedDifference(seeds(0.61, 0.62, 0.63), seeds(0.6, 0.61, 0.62))
    expect(found.mean).toBeClose(0.01)
    expect(found).toMatchObject({ count: 3, margin: Number.POSITIVE_INFINITY, verdict: 'cannot tell' })
    expect(differenceText(found)).toBe('+1.00 (no spread, cannot tell)')
  })

  test('takes the seeds that both have, and of one pair says nothing', () => {
    const found = pairedDifference(
      seeds(71, 80),
      new Map([
        [1, 70],
        [2, 0],
      ]),
    )
    expect(found).toMatchObject({ count: 1, mean: 10, margin: Number.POSITIVE_INFINITY, verdict: 'cannot tell' })
    expect(pairedDifference(seeds(71), new Map()).count).toBe(0)
  })
})
