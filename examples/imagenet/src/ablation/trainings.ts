import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { override, type Recipe } from '../recipe'
import { checkRecipe } from '../recipe-rules'
import { layOut, type Setup, type Table, tableNumbers, teacherOf } from './tables'

/** One training of an ablation. */
export interface Training {
  setup: Setup
  seed: number
  recipe: Recipe
  folder: string
}

/** Names it for people. */
export function nameOf({ setup, seed }: Pick<Training, 'setup' | 'seed'>): string {
  return `${setup.id}, seed ${seed}`
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
  return { setup, seed, recipe, folder: runFolder({ folder, setup, seed }, base) }
}

/** Names the folder of a training's run: by its row, or as a call for another table has named it, to which it is the same. */
export function runFolder(
  { folder, setup, seed }: { folder: string; setup: Setup; seed: number },
  recipe: Recipe,
): string {
  const all = tableNumbers.flatMap((number) => setupsOf(layOut(number, recipe)))
  const alike = all.filter((other) => sameSetup([other], setup, recipe))
  const [own, ...others] = [setup, ...alike].map(({ id }) => join(folder, id, `seed-${seed}`))
  return [own!, ...others].find((path) => existsSync(path)) ?? own!
}
