import { expect, test } from 'vitest'
import { override } from '../../examples/imagenet/src/recipe'
import { small } from '../../examples/imagenet/src/recipes/small'
import type { RecipeReport, Trained } from '../recipe/report'
import { recipeTables } from './recipe-tables'

const trained = (seed: number, top5: number, seconds: number, versions: Record<string, string>): Trained => ({
  ...{ seed, top1: 0, loss: 1, top5, seconds, versions, commit: '0123456789' },
})

const report: RecipeReport = {
  benchmark: 'recipe',
  recipe: override(small, ['model.depth=18', 'model.width=16', 'images.size=32', 'epochs=10']),
  data: { name: 'cifar10', images: { train: 50_000, held: 10_000 }, classes: 10 },
  runs: {
    ours: [trained(0, 0.98, 100, { tfjs: '4.22.0' }), trained(1, 0.99, 200, { tfjs: '4.22.0' })],
    pytorch: [trained(0, 0.97, 90, { torch: '2.11.0' })],
  },
  summary: {
    top1: {
      ours: { mean: 0.8, standardDeviation: 0.02, standardError: 0.0141 },
      pytorch: { mean: 0.7912, standardDeviation: null, standardError: null },
    },
    difference: { mean: 0.0088, standardError: null },
  },
  machine: { cores: 2, processor: 'Some CPU', commit: 'abcdef0123', date: '2026-11-25T00:00:00Z' } as never,
}

test('recipeTables(reports) shows both accuracies, what is known of their spread, and what was trained', () => {
  const text = recipeTables([report])
  expect(text).toMatch(/\| Bag of Tricks +\| +80\.00 ± 1\.41 \| +2\.00 \| +98\.50 \| +2 \|/)
  expect(text).toMatch(/\| PyTorch, torchvision \| +79\.12 \| +\| +97\.00 \| +1 \|/)
  expect(text).toMatch(/\| difference +\| +0\.88 \|/)
  expect(text).toContain('ResNet-18 variant D, 16 wide, 32 px, 10 epochs in float32 on 50,000 pictures of 10 classes')
  expect(text).toContain('tfjs 4.22.0, torch 2.11.0; commit 0123456, 2026-11-25.')
})
