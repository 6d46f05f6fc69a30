import { nearest, quote } from '../command-line'
import { UsageError } from '../errors'
import type { Recipe } from '../recipe'
import { baseline } from './baseline'
import { digits } from './digits'
import { efficient } from './efficient'
import { refined } from './refined'
import { small } from './small'
import { smoke } from './smoke'
import { tweaks } from './tweaks'

export const recipes: readonly Recipe[] = [digits, smoke, small, baseline, efficient, tweaks, refined]

/** Recipes that train on the bundled digits where no `--data` is given. */
export const bundled: readonly string[] = [digits.name, smoke.name]

export function findRecipe(name: string): Recipe {
  const found = recipes.find((recipe) => recipe.name === name)
  if (found) return found
  throw new UsageError(
    `There is no recipe ${quote(name)}${nearest(
      name,
      recipes.map((recipe) => recipe.name),
    )}`,
  )
}
