import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { small } from '../../examples/imagenet/src/recipes/small'
import { parseRecipeOptions } from './options'

const json = join(tmpdir(), 'recipe.json')

test('parseRecipeOptions(--data DIR --json FILE) is three seeds of the recipe small', () => {
  expect(parseRecipeOptions(['--data', tmpdir(), '--json', json])).toEqual({
    data: tmpdir(),
    recipe: small,
    settings: [],
    seeds: 3,
    out: resolve('runs/bench-small'),
    json,
  })
})

test('parseRecipeOptions gives ours the same overrides that the peer finds in the recipe; --epochs is the last of them', () => {
  const flags = ['--set', 'steps=60', '--set', 'mixup.alpha=0', '--epochs', '2']
  const { recipe, settings } = parseRecipeOptions(['--data', tmpdir(), '--json', json, ...flags])
  expect(settings).toEqual(['steps=60', 'mixup.alpha=0', 'epochs=2'])
  expect(recipe).toEqual({ ...small, epochs: 2, steps: null, mixup: { alpha: 0 } })
})

test.each([
  ['', '--data DIR is missing'],
  ['--data nowhere', '--data: there is no folder nowhere'],
  ['--data .', '--json FILE is missing'],
  ['--data . --json nowhere/x.json', '--json: there is no folder nowhere'],
  ['--data . --json x.json --recipe smal', 'There is no recipe "smal": did you mean small?'],
  ['--data . --json x.json --set batch=0', 'batch must be a whole number of at least 1, got 0'],
  ['--data . --json x.json --epochs 0', '--epochs must be a positive whole number, got 0'],
  ['--data . --json x.json --seeds 1.5', '--seeds must be a positive whole number, got 1.5'],
  ['--data . --json x.json --set precision=float16', 'the peer trains in float32 or bfloat16'],
])('parseRecipeOptions(%s) is refused: %s', (args, message) => {
  expect(() => parseRecipeOptions(args.split(' ').filter(Boolean))).toThrow(
    expect.objectContaining({ name: 'UsageError', message: expect.stringContaining(message) }),
  )
})
