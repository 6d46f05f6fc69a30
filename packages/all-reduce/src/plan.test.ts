import { expect, test } from 'vitest'
import { plan } from './plan'
import { resnet50Lengths } from './testing/resnet50-lengths'

const spans = (...lengths: number[]) => lengths.map((length, i) => ({ address: 1000n * BigInt(i + 1), length }))

test('plan(spans) sends large spans from where they lie, in even pieces, and small ones together', () => {
  expect(plan(spans(3, 25, 2, 0, 4), { most: 10, large: 8 })).toEqual([
    // 25 floats in pieces of at most 10 are three of 9, 9 and 7; a float has four bytes.
    { inPlace: { address: 2000n, length: 9 } },
    { inPlace: { address: 2036n, length: 9 } },
    { inPlace: { address: 2072n, length: 7 } },
    {
      gathered: [
        { address: 1000n, length: 3 },
        { address: 3000n, length: 2 },
        { address: 5000n, length: 4 },
      ],
    },
  ])
})

test('plan(spans) begins a new bucket where the small ones would not fit, and copies no span that is alone in its own', () => {
  expect(plan(spans(6, 6, 4), { most: 10, large: 8 })).toEqual([
    { inPlace: { address: 1000n, length: 6 } },
    {
      gathered: [
        { address: 2000n, length: 6 },
        { address: 3000n, length: 4 },
      ],
    },
  ])
  expect(plan(spans(0), { most: 10, large: 8 })).toEqual([])
})

test('plan(spans) of ResNet-50 covers all 25,557,032 floats, and copies one in 400', () => {
  const buckets = plan(spans(...resnet50Lengths()), { most: 6_250_000, large: 16_384 })
  const count = (lengths: { length: number }[]) => lengths.reduce((sum, { length }) => sum + length, 0)
  const inPlace = buckets.flatMap((bucket) => ('inPlace' in bucket ? [bucket.inPlace] : []))
  const gathered = buckets.flatMap((bucket) => ('gathered' in bucket ? [bucket.gathered] : []))
  // 109 arrays of fewer than 16,384 floats, 67,624 in all, go in one call; the 52 others in one each.
  expect(inPlace).toHaveLength(52)
  expect(gathered.map((spans) => [spans.length, count(spans)])).toEqual([[109, 67_624]])
  expect(count(inPlace) + 67_624).toBe(25_557_032)
})
