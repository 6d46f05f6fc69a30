import { createHash } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { engines, requireEngines } from '../../../../packages/all-reduce/src/testing/launch'
import { randomOfStep } from '../random'
import { launchScript } from './testing/launch-script'

beforeAll(requireEngines)

interface Seen {
  steps: { loss: number; accuracy: number; rate: number; skipped: boolean }[]
  events: string[]
  weights: number[]
}

test.each(engines)('ranks of %s log the same, and skip a step that only one of them cannot make', async (engine) => {
  const seen = await launchScript<Seen>(engine, 3, '../ranks/testing/squares.ts', [])
  const [{ steps, events }] = seen as [Seen]
  expect(steps.map(({ skipped }) => skipped)).toEqual([false, true, false, false])
  // Means over three ranks with four pictures each.
  for (const { accuracy } of steps) expect(12 * accuracy).toBeClose(Math.round(12 * accuracy), 1e-5)
  expect(events).toEqual([expect.stringContaining('step 1 skipped: a gradient was not finite in float32')])
  const hash = ({ weights }: Seen) => createHash('sha256').update(weights.join()).digest('hex')
  for (const other of seen.slice(1)) {
    expect(other.steps).toEqual(steps)
    expect(hash(other)).toBe(hash(seen[0]!))
  }
})

test('randomOfStep gives each rank numbers of its own, the same ones each time, and rank 0 those of a single process', () => {
  const draws = (rank?: number) => Array.from({ length: 4 }, randomOfStep(3, 17, rank))
  const all = [0, 1, 2, 3].map(draws)
  expect(new Set(all.flat()).size).toBe(16)
  expect([0, 1, 2, 3].map(draws)).toEqual(all)
  expect(draws()).toEqual(all[0])
})
