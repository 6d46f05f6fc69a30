import { resolve } from 'node:path'
import type { Communicator } from '@bag-of-tricks/all-reduce'
import { badBudget } from './bad-images'
import { choiceFlag, type Flags, numberFlag } from './command-line'
import { type Data, type DataOptions, openData } from './data'
import { UsageError } from './errors'
import { precisions } from './precision'
import type { MachineShare } from './ranks/machine-share'
import { override, type Recipe } from './recipe'
import { checkRecipe } from './recipe-rules'
import { bundled, findRecipe } from './recipes'
import { refuseAnotherRun } from './resume'
import { chooseRunFolder } from './run-folder'
import { findTeacher, type Teacher } from './teacher/find-teacher'
import { findInit, type Init } from './weights/init'
import { spareGamma } from './weights/spare-gamma'

/** A training that is known to be able to begin. */
export interface Plan {
  recipe: Recipe
  data: Data
  source: DataOptions
  seed: number
  steps: number
  stepsPerEpoch: number
  /** Processes that train together, each on `recipe.batch` pictures a step. */
  ranks: number
  /** Batch norm takes the pictures of all of them for one batch. */
  syncBatchNorm: boolean
  /** Unreadable images that are borne. */
  maxBad: number
  /** Skipped steps in a row that end the run. */
  maxSkipped: number
  /** Folder of the run. */
  folder: string
  /** Go on with the run in that folder, if there is one. */
  resume: boolean
  /** Minutes from one checkpoint to the next. */
  saveEvery: number
  /** Processes that decode and augment; 0 leaves it to the one that trains. */
  workers: number
  /** Write an event file for TensorBoard. */
  tensorboard: boolean
  teacher?: Teacher
  /** Weights to begin with, instead of random ones. */
  init?: Init
}

/** Reads and checks the flags of `train`, and opens the data. */
export async function planTraining(flags: Flags, { size: ranks }: Communicator, share: MachineShare): Promise<Plan> {
  const text = (name: string) => flags[name] as string | undefined
  const recipe = readRecipe(flags)
  if (text('data') === undefined && !bundled.includes(recipe.name)) {
    throw new UsageError(`recipe ${recipe.name} needs --data DIR, a folder with train/CLASS/* and val/CLASS/*`)
  }
  const seed = numberFlag(flags, 'seed', 0, { min: 0 })
  const resume = flags.resume === true
  if (resume && text('out') === undefined) throw new UsageError('--resume needs --out DIR, the folder of the run')
  const folder = resume ? text('out')! : chooseRunFolder(text('out'), recipe.name)
  const path = text('data')
  const source = {
    data: path === undefined ? undefined : resolve(path),
    train: text('train'),
    val: text('val'),
    holdout: readHoldout(flags),
  }
  const data = await openData(source)
  const { length, classes } = data.train
  if (classes.length < 2)
    throw new UsageError(`${data.name} has a single class, ${classes[0]}: there is nothing to tell apart`)
  const batch = recipe.batch * ranks
  if (length < batch) {
    const together = ranks === 1 ? '' : `, ${recipe.batch} on each of ${ranks} ranks,`
    throw new UsageError(`a batch of ${batch}${together} is larger than the ${length} training images: lower --batch`)
  }
  const stepsPerEpoch = Math.floor(length / batch)
  const plan = {
    recipe,
    data,
    source,
    seed,
    steps: recipe.steps ?? recipe.epochs * stepsPerEpoch,
    stepsPerEpoch,
    ranks,
    syncBatchNorm: flags['sync-bn'] === true,
    maxBad: badBudget(text('max-bad') ?? '0.1%', length + data.held.length),
    maxSkipped: numberFlag(flags, 'max-skipped', 20),
    folder,
    resume,
    workers: numberFlag(flags, 'workers', share.processors, { min: 0 }),
    tensorboard: flags.tensorboard === true,
    saveEvery: numberFlag(flags, 'save-every', 10, { min: 0, integer: false }),
    teacher: text('teacher') === undefined ? undefined : await findTeacher(text('teacher')!, recipe, data),
    init: await findInit(flags, { recipe, data, folder, resume }),
  }
  refuseAnotherRun(plan)
  return plan
}

function readRecipe(flags: Flags): Recipe {
  const found = findRecipe((flags.recipe as string | undefined) ?? 'digits')
  const recipe = override(resized(found, flags), (flags.set as string[] | undefined) ?? [])
  recipe.batch = numberFlag(flags, 'batch', recipe.batch)
  recipe.precision = choiceFlag(flags, 'precision', precisions, recipe.precision)
  if (flags.epochs !== undefined && flags.steps !== undefined) {
    throw new UsageError('--epochs and --steps exclude each other')
  }
  if (flags.epochs !== undefined) recipe.steps = null
  recipe.epochs = numberFlag(flags, 'epochs', recipe.epochs)
  recipe.steps = numberFlag(flags, 'steps', recipe.steps)
  checkRecipe(recipe)
  if (flags.init !== undefined) spareGamma(recipe, (flags.set as string[] | undefined) ?? [])
  return recipe
}

/** The paper cuts 224 of 256: other sizes keep the margin of their recipe. */
function resized(recipe: Recipe, flags: Flags): Recipe {
  const size = numberFlag(flags, 'size', undefined)
  if (size === undefined) return recipe
  const resize = Math.round((size * recipe.images.resize) / recipe.images.size)
  return { ...recipe, images: { ...recipe.images, size, resize } }
}

export function readHoldout(flags: Flags): number | undefined {
  const share = numberFlag(flags, 'holdout', undefined, { min: 0, integer: false })
  if (share === undefined || (share > 0 && share < 1)) return share
  throw new UsageError(`--holdout must be between 0 and 1, such as 0.1, got ${share}`)
}
