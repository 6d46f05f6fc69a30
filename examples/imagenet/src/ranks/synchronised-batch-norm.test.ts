import { beforeAll, describe, expect, test } from 'vitest'
import { engines, requireEngines } from '../../../../packages/all-reduce/src/testing/launch'
import { expectTorchNumbers } from '../../../../packages/fast-gradients/src/testing/expect-torch-numbers'
import { relativeError } from '../../../../packages/fast-gradients/src/testing/stock'
import type { TrainedPart } from '../../../../packages/fast-gradients/src/testing/train-part'
import { launchScript } from './testing/launch-script'

beforeAll(requireEngines)

describe.each(engines)('%s', (engine) => {
  test.each([[[3, 3]], [[1, 5]], [[2, 1, 3]]])(
    'batch norm over ranks with %j pictures trains as torch over all',
    async (counts) => {
      const args = [JSON.stringify(counts)]
      expectTorchNumbers(await launchScript<TrainedPart>(engine, counts.length, 'train-part.ts', args))
    },
  )

  test('after 20 steps two ranks with half a batch each have the weights of one with the whole to 1e-5', async () => {
    const steps = (ranks: number, norm: 'ranks' | 'own') =>
      launchScript<number[]>(engine, ranks, 'twenty-steps.ts', [norm])
    const [[whole], [first, second], [unsynchronised]] = [
      await steps(1, 'ranks'),
      await steps(2, 'ranks'),
      await steps(2, 'own'),
    ]
    expect(second).toEqual(first)
    expect(relativeError(first!, whole!)).toBeLessThan(1e-5)
    // Batch norm over each rank's own part leads elsewhere.
    expect(relativeError(unsynchronised!, whole!)).toBeGreaterThan(1e-3)
  }, 180_000)
})
