import { expect, test } from 'vitest'
import { summarise } from './report'

test('summarise(times, peer) gives the median, the spread, and the median of the ratios turn by turn', () => {
  // Ratios 2, 3, 1.5: the machine was slow in the third turn for both.
  expect(summarise([40, 50, 200], [80, 150, 300])).toEqual({
    milliseconds: 50,
    spread: [40, 200],
    timesPytorch: 2,
    samples: [40, 50, 200],
  })
})
