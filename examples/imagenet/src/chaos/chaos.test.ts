import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { chaos } from './chaos'

const folder = mkdtempSync(join(tmpdir(), 'chaos-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a training that is killed at random moments and resumed ends as the one that is not, to the bit', async () => {
  // The short form of pnpm chaos.
  const { kills, steps } = await chaos(folder, { kills: 4, epochs: 2 })
  expect(kills).toHaveLength(4)
  // 60 digits in batches of 8 are 7 steps an epoch.
  expect(steps).toBe(14)
}, 300_000)
