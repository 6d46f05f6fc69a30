import { expect, test } from 'vitest'
import type { Sample } from './sample'
import { compare, summarise } from './summary'

function sample(stepMilliseconds: number[], more: Partial<Sample> = {}): Sample {
  const versions = { node: 'v20' }
  return { versions, stepMilliseconds, peakMemoryMiB: 100, coresUsedByOthers: 0, counted: [0, 1], ...more }
}

test('summarise(samples, batch) gives the median of the samples’ medians, slowest and fastest, and the highest peak', () => {
  // Medians 2,000, 1,000 and 4,000 ms for 16 images: 8, 16 and 4 images a second.
  const samples = [
    sample([1000, 2000, 9000], { peakMemoryMiB: 300, coresUsedByOthers: 0.123 }),
    sample([1000]),
    sample([3000, 5000]),
  ]
  expect(summarise(samples, 16)).toEqual({
    imagesPerSecond: 8,
    spread: [4, 16],
    peakMemoryMiB: 300,
    versions: { node: 'v20' },
    samples: [
      { imagesPerSecond: 8, coresUsedByOthers: 0.12 },
      { imagesPerSecond: 16, coresUsedByOthers: 0 },
      { imagesPerSecond: 4, coresUsedByOthers: 0 },
    ],
  })
})

test('summarise(samples, batch) has the card’s memory where there is a card', () => {
  const samples = [sample([1], { peakGpuMemoryMiB: 5 }), sample([1], { peakGpuMemoryMiB: 7 })]
  expect(summarise(samples, 1).peakGpuMemoryMiB).toBe(7)
})

test('compare(mine, peer) divides pair by pair, and by the peer’s best', () => {
  // Pairs: 300/100 = 3, 200/200 = 1, 400/200 = 2; median 2. Median of mine 200 ms, best of the peer 200 ms: 1.
  const mine = [sample([100]), sample([200]), sample([200])]
  const peer = [sample([300]), sample([200]), sample([400])]
  expect(compare(mine, peer)).toEqual({ pairByPair: 2, againstBest: 1 })
})

test('compare(mine, peer) is not moved by a disturbance that slows both of a pair', () => {
  const mine = [sample([100]), sample([1000]), sample([100])]
  const peer = [sample([150]), sample([1500]), sample([150])]
  expect(compare(mine, peer).pairByPair).toBe(1.5)
})
