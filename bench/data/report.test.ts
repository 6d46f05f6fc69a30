import { expect, test } from 'vitest'
import { summarise } from './report'

test('summarise(rates, peer, workers) gives the median, its share of a worker, and the median of the ratios turn by turn', () => {
  // Ratios 2, 1.5, 4: the machine was slow in the third turn for both.
  expect(summarise([400, 450, 200], [200, 300, 50], 2)).toEqual({
    imagesPerSecond: 400,
    perCore: 200,
    spread: [200, 450],
    timesPytorch: 2,
    samples: [400, 450, 200],
  })
})
