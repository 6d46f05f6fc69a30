import { expect, test } from 'vitest'
import { comparisonTable } from './comparison-table'
import type { Result } from './results'

const result = (group: string, seed: number, head: number, iou: number): Result => ({
  ...{ group, seed, head, figures: { iou }, backbone: `${group}-${seed}` },
  ...{ commit: null, versions: {}, machine: { processor: '', cores: 1, memory: 1 } },
})
const measures = [{ name: 'iou', title: 'mean IoU' }]
const cells = (table: string) =>
  table.split('\n').map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )

test('a backbone counts once, however many heads stand on it; changes are paired by its seed', () => {
  const results = [
    // Means of the heads: 0.50, 0.60, 0.70.
    ...[0.49, 0.51].map((iou, head) => result('baseline', 0, head, iou)),
    ...[0.58, 0.62].map((iou, head) => result('baseline', 1, head, iou)),
    ...[0.7, 0.7].map((iou, head) => result('baseline', 2, head, iou)),
    // 0.52, 0.621, 0.722.
    ...[0.722, 0.621, 0.52].flatMap((iou, i) => [0, 1].map((head) => result('refined', 2 - i, head, iou))),
  ]
  const table = comparisonTable({ floors: { 'one box': { iou: 0.4 } }, results }, ['baseline', 'refined'], measures)
  expect(cells(table)).toEqual([
    ['backbone', 'seeds', 'heads', 'mean IoU, %', 'change'],
    Array(5).fill(expect.stringMatching(/^-+:?$/)),
    ['one box', '', '', '40.00', ''],
    // 50, 60, 70: s = 10, standard error 10/√3 = 5.77.
    ['baseline', '3', '6', '60.00 ± 5.77', ''],
    // 52, 62.1, 72.2: s = 10.1, 5.83. Differences 2, 2.1, 2.2: mean 2.1, ± t(2) · 0.1/√3 = 4.303 · 0.0577 = 0.25.
    ['refined', '3', '6', '62.10 ± 5.83', '+2.10 ± 0.25'],
  ])
})

test('few seeds are said to be too few, and rows without results are empty', () => {
  const results = [
    result('baseline', 0, 0, 0.5),
    result('baseline', 1, 0, 0.6),
    result('refined', 0, 0, 0.52),
    result('refined', 1, 0, 0.61),
  ]
  const rows = cells(comparisonTable({ floors: {}, results }, ['baseline', 'refined', 'other'], measures)).slice(2)
  // Differences 2 and 1: mean 1.5, s = 0.7071, ± 12.706 · 0.7071/√2 = 6.35.
  expect(rows[1]).toEqual(['refined', '2', '2', '56.50 ± 4.50', '+1.50 ± 6.35 (cannot tell)'])
  expect(rows[2]).toEqual(['other', '0', '0', '–', '–'])
})
