import { expect, test } from 'vitest'
import type { Results } from '../../examples/imagenet/src/ablation/results'
import { layOut } from '../../examples/imagenet/src/ablation/tables'
import { setupsOf } from '../../examples/imagenet/src/ablation/trainings'
import { small } from '../../examples/imagenet/src/recipes/small'
import { ablationTables } from './ablation-tables'

/** Table 5 by two seeds, and the first training of tables 4 and 6: the last of table 5 is the second of table 6. */
function partly(): Results {
  const setups = [...setupsOf(layOut(5, small)), setupsOf(layOut(4, small))[0]!]
  const results = setups.flatMap((setup, i) =>
    [0, 1].map((seed) => ({
      ...setup,
      ...{ seed, top1: 0.5 + i / 100 + seed / 50, top5: 1, loss: 1 },
      ...{
        commit: '0123456789',
        versions: { node: 'v20', tfjs: '4' },
        machine: { processor: 'CPU', cores: 2, memory: 1 },
      },
    })),
  )
  return {
    recipe: small,
    data: { name: 'Pictures', images: { train: 50_000, held: 10_000 }, classes: 10, fingerprint: '0' },
    results,
  }
}

test('ablationTables(ablation) shows the rows that have been trained, and what trained them', () => {
  const text = ablationTables(partly())
  expect(text.match(/^### .*/gm)).toEqual(['### Table 5: the network’s tweaks', '### Table 6: training refinements'])
  // Means of 50 and 52, and, of table 6, of 53 and 55 and of 52 and 54; standard errors s/√2 with s = √2; differences without any spread say nothing.
  expect(text).toMatch(/^\| ResNet-18-B +\| +51\.00 ± 1\.00 \|/m)
  expect(
    text
      .slice(text.indexOf('Table 6'))
      .match(/^\| [^- ].*\|$/gm)!
      .map((line) => line.split(/ *\| */).slice(1, -1)),
  ).toEqual([
    ['No trick at all, batch 128', '54.00 ± 1.00', '75.87', '', '', ''],
    [
      'Efficient, variant D',
      '53.00 ± 1.00',
      '77.16',
      '−1.00 (no spread, cannot tell)',
      '+1.29',
      '−1.00 (no spread, cannot tell)',
    ],
  ])
  expect(text).toContain('Top-1 is the mean over 2 seeds')
  expect(text).toContain('8 trainings in all; CPU; node v20, tfjs 4; commit 0123456.')
})

test('ablationTables(ablation) has no table in which nothing can be compared', () => {
  const { results, ...head } = partly()
  expect(ablationTables({ ...head, results: results.slice(0, 2) })).not.toContain('###')
})

test('ablationTables(ablation) shows a column that has been trained, with dashes beside it', () => {
  const { results, ...head } = partly()
  // The large batch of the first two rows.
  const trained = layOut(4, small)
    .rows.slice(0, 2)
    .map(({ cells }) => cells[1]!.setup)
  const two = trained.flatMap((setup, i) =>
    results.slice(0, 2).map((result) => ({ ...result, ...setup, top1: 0.5 + i / 100 })),
  )
  const rows = ablationTables({ ...head, results: two }).match(/^\| [^- ].*\|$/gm)!
  expect(
    rows.map((line) =>
      line
        .split(/ *\| */)
        .slice(1, -1)
        .filter((_, i) => i % 2 === 1 || i === 0),
    ),
  ).toEqual([
    ['Linear scaling', '–', '', '50.00 ± 0.00', ''],
    ['+ learning rate warmup', '–', '–', '51.00 ± 0.00', '+1.00 (no spread, cannot tell)'],
  ])
})
