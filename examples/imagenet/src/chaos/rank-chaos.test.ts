import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { rankChaos } from './rank-chaos'

const folder = mkdtempSync(join(tmpdir(), 'rank-chaos-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a rank of a training that is killed or stopped ends all within 10 s; resumed it ends as one left alone, to the bit', async () => {
  // The short form of pnpm chaos ranks.
  const { faults, runs } = await rankChaos(folder, { faults: 2, seed: 0 })
  expect(runs).toBeGreaterThanOrEqual(1)
  expect(faults.map(({ trial }) => trial.fault)).toEqual(['killed', 'stopped'])
  for (const { seconds, code, left, connected, named, output } of faults) {
    expect(seconds, output).toBeLessThan(10)
    expect({ left, named: named || !connected }, output).toEqual({ left: 0, named: true })
    expect(code).not.toBe(0)
  }
}, 300_000)
