import { availableParallelism } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { choiceFlag, type Flags, numberFlag, quote } from '../command-line'
import { openData } from '../data'
import { devices } from '../device'
import { UsageError } from '../errors'
import { fingerprint } from '../fingerprint'
import { readHoldout } from '../plan'
import { override, type Recipe } from '../recipe'
import { checkRecipe } from '../recipe-rules'
import { bundled, findRecipe } from '../recipes'
import { findTeacher } from '../teacher/find-teacher'
import { nameOfTeacher } from '../teacher/name-of-teacher'
import type { AblationHead } from './results'
import { layOut, type Setup, type Table, type TableNumber, tableNumbers } from './tables'
import { sameSetup, setupsOf, type Training, teacherTraining, trainingsOf } from './trainings'

export interface AblationPlan {
  head: AblationHead
  tables: readonly Table[]
  seeds: number
  jobs: number
  folder: string
  trainings: readonly Training[]
  /** Trains the network to distil from; nothing where `--teacher` names one, or no row distils. */
  teacher?: Training
  /** Arguments of `train` that make a training. */
  argumentsOf: (training: Training) => string[]
}

/** Reads and checks the flags of `ablate`, and opens the data. */
export async function planAblation(flags: Flags): Promise<AblationPlan> {
  const recipe = readRecipe(flags)
  const tables = readTables(flags).map((number) => layOut(number, recipe))
  const folder = (flags.out as string | undefined) ?? join('runs', `ablation-${recipe.name}`)
  const seeds = numberFlag(flags, 'seeds', 3)
  const jobs = numberFlag(flags, 'jobs', 1)
  const data = await readData(flags, recipe)
  const given = flags.teacher as string | undefined
  const known = given === undefined ? undefined : await findTeacher(given, recipe, data)
  const trainings = chooseRows(flags, tables.flatMap(setupsOf), {
    recipe,
    trainings: trainingsOf(tables, recipe, { seeds, folder }),
  })
  const distils = trainings.some(({ setup }) => setup.distilled)
  const teacher = distils && given === undefined ? teacherTraining(recipe, folder) : undefined
  const shared = trainArguments(flags, recipe, jobs)
  const { name, prepared, train, held } = data
  checkBatches(recipe, trainings, train.length)
  const images = { train: train.length, held: held.length }
  return {
    head: {
      recipe,
      data: {
        ...{ name: basename(name), images, classes: train.classes.length, fingerprint: fingerprint(data) },
        ...(prepared && { prepared }),
      },
      ...(known && { teacher: { file: nameOfTeacher(known), sha256: known.sha256 } }),
    },
    ...{ tables, seeds, jobs, folder, trainings, teacher },
    argumentsOf: ({ setup, seed, folder }) => [
      ...shared,
      ...setup.settings.flatMap((setting) => ['--set', setting]),
      ...['--seed', String(seed), '--out', folder, '--resume'],
      ...(setup.distilled ? ['--teacher', given ?? teacher!.folder] : []),
    ],
  }
}

function readRecipe(flags: Flags): Recipe {
  const recipe = override(findRecipe((flags.recipe as string | undefined) ?? 'small'), settingsOf(flags))
  checkRecipe(recipe)
  return recipe
}

function settingsOf(flags: Flags): string[] {
  const epochs = numberFlag(flags, 'epochs', undefined)
  return [...((flags.set as string[] | undefined) ?? []), ...(epochs === undefined ? [] : [`epochs=${epochs}`])]
}

function readTables(flags: Flags): readonly TableNumber[] {
  const asked = flags.table as string[] | undefined
  if (asked === undefined) return tableNumbers
  const unknown = asked.find((text) => !tableNumbers.some((number) => String(number) === text))
  if (unknown !== undefined)
    throw new UsageError(`--table must be one of ${tableNumbers.join(', ')}, got ${quote(unknown)}`)
  return tableNumbers.filter((number) => asked.includes(String(number)))
}

/** Rows go by their names in any of the tables: some are the same training. */
function chooseRows(
  flags: Flags,
  setups: readonly Setup[],
  { recipe, trainings }: Pick<AblationPlan, 'trainings'> & { recipe: Recipe },
) {
  const asked = flags.row as string[] | undefined
  if (asked === undefined) return trainings
  const names = [...new Set(setups.map(({ id }) => id))]
  const unknown = asked.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new UsageError(`--row must be one of ${names.join(', ')}, got ${quote(unknown)}`)
  const chosen = setups.filter(({ id }) => asked.includes(id))
  return trainings.filter(({ setup }) => sameSetup(chosen, setup, recipe))
}

function checkBatches({ batch }: Recipe, trainings: readonly Training[], images: number): void {
  const largest = Math.max(...trainings.map(({ recipe }) => recipe.batch))
  if (largest <= images) return
  const times = largest / batch
  const fits = Math.floor(images / times)
  throw new UsageError(
    `a batch of ${largest}${times > 1 ? `, ${times} times the recipe's,` : ''} is larger than the ${images} training images: --set batch=${fits} is the largest that fits`,
  )
}

async function readData(flags: Flags, recipe: Recipe) {
  const text = (name: string) => flags[name] as string | undefined
  if (text('data') === undefined && !bundled.includes(recipe.name)) {
    throw new UsageError(`recipe ${recipe.name} needs --data DIR, a folder with train/CLASS/* and val/CLASS/*`)
  }
  const holdout = readHoldout(flags)
  return openData({ data: text('data') && resolve(text('data')!), train: text('train'), val: text('val'), holdout })
}

/** What all trainings have in common. */
function trainArguments(flags: Flags, recipe: Recipe, jobs: number): string[] {
  const share = Math.floor(availableParallelism() / jobs)
  const workers = numberFlag(flags, 'workers', share, { min: 0 })
  const device = choiceFlag(flags, 'device', devices, 'auto')
  const passed = ['data', 'train', 'val', 'holdout'].filter((name) => flags[name] !== undefined)
  return [
    ...['train', '--recipe', recipe.name, '--device', device, '--workers', String(workers)],
    ...passed.flatMap((name) => [`--${name}`, flags[name] as string]),
    ...settingsOf(flags).flatMap((setting) => ['--set', setting]),
  ]
}
