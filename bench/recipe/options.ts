import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { override, type Recipe } from '../../examples/imagenet/src/recipe'
import { checkRecipe } from '../../examples/imagenet/src/recipe-rules'
import { findRecipe } from '../../examples/imagenet/src/recipes'
import { parseFlags, UsageError, wholeNumber } from '../command-line'

export interface RecipeOptions {
  data: string
  recipe: Recipe
  /** Overrides that `recipe` has already, for the command line of ours. */
  settings: readonly string[]
  seeds: number
  /** Folder of our runs. */
  out: string
  json: string
}

export const recipeUsage = `pnpm bench recipe --data DIR --json FILE [--recipe small] [--set FIELD=VALUE]... [--epochs N] [--seeds 3] [--out DIR]

Trains by a recipe of examples/imagenet, here and in PyTorch, with the seeds 0, 1, … in turn, and compares the accuracies after the
last epoch. DIR holds train and val (or test): class folders, or what pnpm imagenet prepare wrote. All pictures are kept in memory by
the peer and must be of one size. Results are saved after each training; the same command goes on from them. Our run folders lie in
--out (runs/bench-NAME, by the recipe's name), and one that is there already is taken over, or gone on with.`

export function parseRecipeOptions(args: string[]): RecipeOptions {
  const flags = parseFlags(args, {
    data: { type: 'string' },
    recipe: { type: 'string', default: 'small' },
    set: { type: 'string', multiple: true, default: [] },
    epochs: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    out: { type: 'string' },
    json: { type: 'string' },
  })
  if (flags.data === undefined) throw new UsageError('--data DIR is missing: a folder with train and val')
  if (!existsSync(flags.data)) throw new UsageError(`--data: there is no folder ${flags.data}`)
  if (flags.json === undefined) throw new UsageError('--json FILE is missing: results are saved there as they come')
  if (!existsSync(dirname(flags.json))) throw new UsageError(`--json: there is no folder ${dirname(flags.json)}`)
  const epochs = flags.epochs === undefined ? [] : [`epochs=${wholeNumber('--epochs', flags.epochs)}`]
  const settings = [...flags.set, ...epochs]
  return {
    data: resolve(flags.data),
    recipe: readRecipe(flags.recipe, settings),
    settings,
    seeds: wholeNumber('--seeds', flags.seeds),
    out: resolve(flags.out ?? join('runs', `bench-${flags.recipe}`)),
    json: resolve(flags.json),
  }
}

function readRecipe(name: string, settings: readonly string[]): Recipe {
  const recipe = override(findRecipe(name), settings)
  checkRecipe(recipe)
  if (recipe.precision !== 'float16') return recipe
  throw new UsageError('the peer trains in float32 or bfloat16: --set precision=bfloat16')
}
