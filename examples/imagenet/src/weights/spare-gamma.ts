import { UsageError } from '../errors'
import type { Recipe } from '../recipe'

/** Turns zero γ off, which would wipe the branches of loaded weights; one that was asked for by `--set` is refused. */
export function spareGamma(recipe: Recipe, settings: readonly string[]): void {
  if (recipe.model.zeroGamma && settings.some((setting) => setting.startsWith('model.zeroGamma='))) {
    throw new UsageError('model.zeroGamma=true would wipe the branches of the weights of --init: leave one of them out')
  }
  recipe.model.zeroGamma = false
}
