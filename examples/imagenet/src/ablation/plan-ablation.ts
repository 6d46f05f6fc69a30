import { availableParallelism } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { choiceFlag, type Flags, numberFlag, quote } from '../command-line'
import { openData } from '../data'
import { devices } from '../device'
import { UsageError } from '../errors'
import { fingerprint } from '../fingerprint'
import { override, type Recipe } from '../recipe'
import { checkRecipe } from '../recipe-rules'
import { bundled, findRecipe } from '../recipes'
import { findTeacher } from '../teacher/find-teacher'
import type { AblationHead } from './results'
import { layOut, type Table, type TableNumber, tableNumbers } from './tables'
import { type Training, teacherTraining, trainingsOf } from './trainings'

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
  if (given !== undefined) await findTeacher(given, recipe, data)
  const trainings = chooseRows(flags, trainingsOf(tables, recipe, { seeds, folder }))
  const distils = trainings.some(({ setup }) => setup.distilled)
  const teacher = distils && given === undefined ? teacherTraining(recipe, folder) : undefined
  const shared = trainArguments(flags, recipe, jobs)
  const { name, train, held } = data
  const images = { train: train.length, held: held.length }
  return {
    head: {
      recipe,
      data: { name: basename(name), images, classes: train.classes.length, fingerprint: fingerprint(data) },
      ...(given !== undefined && { teacher: basename(resolve(given)) }),
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

/** Rows go by the names of their folders. */
function chooseRows(flags: Flags, trainings: readonly Training[]): readonly Training[] {
  const asked = flags.row as string[] | undefined
  if (asked === undefined) return trainings
  const names = [...new Set(trainings.map(({ setup }) => setup.id))]
  const unknown = asked.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new UsageError(`--row must be one of ${names.join(', ')}, got ${quote(unknown)}`)
  return trainings.filter(({ setup }) => asked.includes(setup.id))
}

async function readData(flags: Flags, recipe: Recipe) {
  const text = (name: string) => flags[name] as string | undefined
  if (text('data') === undefined && !bundled.includes(recipe.name)) {
    throw new UsageError(`recipe ${recipe.name} needs --data DIR, a folder with train/CLASS/* and val/CLASS/*`)
  }
  const holdout = numberFlag(flags, 'holdout', undefined, { min: 0, integer: false })
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
