import { expect, test } from 'vitest'
import type { Results } from '../../examples/imagenet/src/ablation/results'
import { layOut } from '../../examples/imagenet/src/ablation/tables'
import { setupsOf } from '../../examples/imagenet/src/ablation/trainings'
import { small } from '../../examples/imagenet/src/recipes/small'
import { ablationTables } from './ablation-tables'

/** Table 5 by two seeds; the first training of table 4, which is one of table 6 too. */
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

test('ablationTables(ablation) shows the tables of which every row has been trained, and what trained them', () => {
  const text = ablationTables(partly())
  expect(text.match(/^### .*/gm)).toEqual(['### Table 5: the network’s tweaks'])
  // Mean of 50 and 52; standard error s/√2 with s = √2.
  expect(text).toMatch(/\| ResNet-18-B \| +51\.00 ± 1\.00 \|/)
  expect(text).toContain('Top-1 is the mean over 2 seeds')
  expect(text).toContain('8 trainings in all; CPU; node v20, tfjs 4; commit 0123456.')
})

test('ablationTables(ablation) without a whole table has none', () => {
  const { results, ...head } = partly()
  expect(ablationTables({ ...head, results: results.slice(0, 2) })).not.toContain('###')
})
