import { expect, test } from 'vitest'
import type { RanksReport, Summary } from '../ranks/report'
import { stepsTable, sumsTable } from './measured-tables'
import { limitsTable } from './model-tables'
import { modelled, published } from './published'
import type { ScalingReport } from './report'

const machine = { cores: 2, processor: 'P', node: 'v20', commit: '0123456789', date: '2026-01-02T' }
const bytes = 102_228_128
// A link of 102,228,128 bytes in 100 ms, and no latency: 2 ranks send all of them once.
const sums = [bytes, bytes / 2].map((bytes) => ({
  network: 'shared memory',
  ranks: 2,
  bytes,
  milliseconds: bytes / 1022281.28,
}))
const scaling = { mpi: 'Open MPI', sums, machine } as unknown as ScalingReport

const cells = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())

test('stepsTable() says what of sums is hidden, and what of a step is not', () => {
  const way = (milliseconds: number) => ({ milliseconds }) as Summary
  const ways = { alone: way(150), 'handed-over': way(170), after: way(270), during: way(220) }
  const results = { 1: { ways: { alone: way(100) } }, 2: { ways, exposed: 0.32 } }
  const report = { depth: 50, size: 64, batch: 16, precision: 'float32', mpi: 'Open MPI', results, machine }
  const [, , one, two] = stepsTable(report as unknown as RanksReport, scaling).split('\n')
  expect(cells(one!)).toEqual(['1', '100', ...Array(8).fill('')])
  // 270 − 170 = 100 of sums, of which 270 − 220 = 50 hidden; the model hides nothing: 170 + 100.
  const row = cells(two!)
  expect([...row.slice(0, 8), row[9]]).toEqual(['2', '150', '170', '270', '220', '100', '50 %', '32 %', '270'])
})

test('sumsTable() puts the fitted link beside what was measured', () => {
  const [, , row] = sumsTable(scaling).split('\n')
  expect(cells(row!)).toEqual(['shared memory', '2', '102,228,128', '100', '100', '1.02', '0'])
})

test('limitsTable() says none where eight workers are too many', () => {
  // A step of a minute hides 1.6 s at 1 Gbit/s behind its 40 s of backward pass; one of a millisecond hides nothing.
  const table = limitsTable({ minute: { step: 60, backward: 40 }, millisecond: { step: 1e-3, backward: 6e-4 } })
  expect(table.split('\n').slice(2).map(cells)).toEqual([
    ['minute', ...Array(4).fill('1,024')],
    ['millisecond', ...Array(4).fill('none')],
  ])
})

test('what others have published lies between a pass that hides what it can and one that hides nothing', () => {
  for (const training of published) {
    const { hidden, bare } = modelled(training)
    expect(training.efficiency, training.what).toBeGreaterThan(bare)
    expect(training.efficiency, training.what).toBeLessThan(hidden)
  }
})
