import { expect, test } from 'vitest'
import { withoutCrumbs } from './profile'

test('withoutCrumbs(operations, least) sums what is small, and leaves the total as it was', () => {
  const operations = {
    Conv2D: { calls: 53, milliseconds: 90.5 },
    Exp: { calls: 3, milliseconds: 0.07 },
    Log: { calls: 1, milliseconds: 0.04 },
  }
  expect(withoutCrumbs(operations, 0.1)).toEqual({
    Conv2D: { calls: 53, milliseconds: 90.5 },
    'all others': { calls: 4, milliseconds: 0.11 },
  })
  expect(withoutCrumbs(operations, 0.01)).toEqual(operations)
})
