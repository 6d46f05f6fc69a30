import { describe, expect, test } from 'vitest'
import { comparer } from './compare'

const compare = comparer()

describe.each([
  ['native', { fusedOps: false }],
  ['fused', { fusedOps: true }],
])('%s', (_, way) => {
  test('every gradient of ResNet-50-D is that of stock tfjs to 1e-4, on a batch on which no ReLU falls otherwise', () => {
    // On two of three batches none does.
    for (let batchSeed = 1; batchSeed <= 12; batchSeed++) {
      const { flipped, relus, errors } = compare(way, batchSeed)
      expect(relus).toBeGreaterThan(1e6)
      expect(flipped).toBeLessThan(20)
      if (flipped > 0) continue
      // A filter and two vectors of a norm for each convolution, and the last layer.
      expect(errors).toHaveLength(55 + 2 * 55 + 2)
      return expect(errors[0]!.error, errors[0]!.name).toBeLessThan(1e-4)
    }
    expect.unreachable('on every batch some ReLU fell otherwise')
  }, 600_000)
})
