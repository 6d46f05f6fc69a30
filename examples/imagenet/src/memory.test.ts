import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Memory, readLog } from '@bag-of-tricks/train-log'
import { afterAll, expect, test } from 'vitest'
import { writePictures } from './testing/picture-folders'
import { runCli } from './testing/run-cli'

const folder = mkdtempSync(join(tmpdir(), 'memory-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a run of 3,000 steps holds as much at its end as a thousand steps before', async () => {
  const [data, out] = [join(folder, 'data'), join(folder, 'run')]
  await writePictures(join(data, 'train'), ['blue', 'red'], 100)
  await writePictures(join(data, 'val'), ['blue', 'red'], 4)
  // 200 pictures in batches of 2: thirty epochs of a hundred steps, each with an evaluation, checkpoints and a report.
  const flags = ['--set', 'model.depth=18', '--size', '32', '--batch', '2', '--precision', 'float32', '--epochs', '30']
  const { code, stderr } = await runCli(['train', '--recipe', 'refined', ...flags, '--data', data, '--out', out])
  expect(code, stderr).toBe(0)
  const memory = readLog(out).flatMap((record) => (record.type === 'step' ? [record.memory!] : []))
  expect(memory).toHaveLength(3000)

  // The first step makes the optimizer's velocities.
  expect(new Set(memory.slice(1).map(({ tensors }) => tensors)).size).toBe(1)
  // Least of many steps: what garbage collection leaves. Half of the run is left to threads and allocators to warm up in.
  const least = (field: 'heap' | 'resident', from: number) => Math.min(...memory.slice(from, from + 500).map(of(field)))
  for (const field of ['heap', 'resident'] as const) {
    expect(least(field, 2500), field).toBeLessThan(1.05 * least(field, 1500))
  }
}, 600_000)

const of = (field: 'heap' | 'resident') => (memory: Memory) => memory[field]
