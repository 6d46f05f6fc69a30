import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { override, type Recipe } from '../recipe'
import { checkRecipe } from '../recipe-rules'
import { type Setup, type Table, teacherOf } from './tables'

/** One training of an ablation. */
export interface Training {
  setup: Setup
  seed: number
  recipe: Recipe
  folder: string
}

/** Each training that tables need, once where two cells are the same one; seeds one after the other, so that no row waits for another's third. */
export function trainingsOf(
  tables: readonly Table[],
  recipe: Recipe,
  { seeds, folder }: { seeds: number; folder: string },
): Training[] {
  const setups = distinct(tables.flatMap(setupsOf), recipe)
  return Array.from({ length: seeds }, (_, seed) =>
    setups.map((setup) => trainingOf(setup, recipe, seed, folder)),
  ).flat()
}

/** Makes the training whose network the distilled ones learn from. */
export function teacherTraining(recipe: Recipe, folder: string): Training {
  return trainingOf(teacherOf(recipe), recipe, 0, folder)
}

export function setupsOf({ rows }: Table): Setup[] {
  return rows.flatMap(({ cells }) => cells.map(({ setup }) => setup))
}

/** Finds the setup that stands for this one: the first that trains alike. */
export function sameSetup<S extends Setup>(setups: readonly S[], setup: Setup, recipe: Recipe): S | undefined {
  const alike = ({ settings, distilled }: Setup) =>
    distilled === setup.distilled && isDeepStrictEqual(override(recipe, settings), override(recipe, setup.settings))
  return setups.find(alike)
}

function distinct(setups: readonly Setup[], recipe: Recipe): Setup[] {
  return setups.filter((setup) => sameSetup(setups, setup, recipe) === setup)
}

function trainingOf(setup: Setup, base: Recipe, seed: number, folder: string): Training {
  const recipe = override(base, setup.settings)
  checkRecipe(recipe)
  return { setup, seed, recipe, folder: join(folder, setup.id, `seed-${seed}`) }
}
