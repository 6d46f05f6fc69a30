import { expect, test } from 'vitest'
import { paperDifferences } from './paper'
import { override } from './recipe'
import { baseline } from './recipes/baseline'
import { digits } from './recipes/digits'
import { efficient } from './recipes/efficient'
import { refined } from './recipes/refined'
import { smoke } from './recipes/smoke'
import { tweaks } from './recipes/tweaks'

// He et al., arXiv 1812.01187, and the authors' own command for the recipe of section 5: --lr 0.4 --lr-mode cosine
// --num-epochs 200 --batch-size 128 --num-gpus 8 --dtype float16 --warmup-epochs 5 --last-gamma --no-wd --mixup.
test('paperDifferences(recipe) finds in the paper’s own recipes only bfloat16, where it has FP16', () => {
  const half = [{ field: 'precision', here: 'bfloat16', paper: 'float16' }]
  expect(paperDifferences(baseline)).toEqual([])
  expect(paperDifferences(efficient)).toEqual(half)
  expect(paperDifferences(tweaks)).toEqual(half)
  expect(paperDifferences(refined)).toEqual(half)
})

test('paperDifferences(recipe) names the fields that --set, --steps and the like changed', () => {
  const changed = { ...override(baseline, ['rate.milestones=10,20', 'model.variant=D']), steps: 60 }
  expect(paperDifferences(changed)).toEqual([
    { field: 'model.variant', here: 'D', paper: 'A' },
    { field: 'steps', here: 60, paper: null },
    { field: 'rate.milestones', here: [10, 20], paper: [30, 60, 90] },
  ])
})

test('paperDifferences(recipe) holds recipes the paper has not to its last one', () => {
  const fields = (differences: { field: string; paper: unknown }[]) =>
    differences.map(({ field, paper }) => [field, paper])
  expect(fields(paperDifferences(smoke))).toEqual([
    ['images.size', 224],
    ['images.resize', 256],
    ['batch', 1024],
    ['precision', 'float16'],
    ['epochs', 200],
    ['steps', null],
    ['rate.warmup', 5],
  ])
  expect(fields(paperDifferences(digits))).toContainEqual(['images.flip', 0.5])
})
