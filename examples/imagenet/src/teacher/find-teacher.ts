import { existsSync, statSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import type { Data } from '../data'
import { UsageError } from '../errors'
import type { Recipe } from '../recipe'
import { findTrainedRun } from '../trained-run'
import { type Architecture, architectures } from '../weights/architectures'
import { checkFit } from '../weights/check-fit'
import { recognise } from '../weights/fit'
import { readStateDict } from '../weights/state-dict'

/** A network to distil from. */
export interface Teacher {
  network: Architecture
  /** Path of its weights. */
  weights: string
}

/** Finds it in the folder of a run, or in a file of weights; it must know the same classes and, as a run's, the same size. */
export async function findTeacher(path: string, recipe: Recipe, data: Data): Promise<Teacher> {
  return existsSync(path) && statSync(path).isFile() ? ofFile(path, data) : ofRun(path, recipe, data)
}

function ofRun(folder: string, { images }: Recipe, { name, train }: Data): Teacher {
  const { run, weights } = findTrainedRun(folder, '--teacher')
  if (!isDeepStrictEqual(run.data.classes, [...train.classes])) {
    throw new UsageError(`--teacher: ${folder} was trained on other classes than those of ${name}`)
  }
  const { size } = run.recipe.images
  if (size === images.size) return { network: run.recipe.model, weights }
  throw new UsageError(
    `--teacher: ${folder} sees pictures of ${size} px, this run of ${images.size}: set --size ${size}`,
  )
}

/** A file does not name its classes: their order is taken to be that of the data, as torchvision's folders are. */
async function ofFile(file: string, { name, train }: Data): Promise<Teacher> {
  const dict = await readStateDict(file, '--teacher')
  const network = architectures.get(dict.metadata.arch ?? recognise(dict.tensors) ?? '')
  if (network === undefined) throw new UsageError(`--teacher: ${file} holds no network that is known: import it first`)
  const classes = checkFit(dict, { architecture: network }, `--teacher: ${file}`)
  if (classes === train.classes.length) return { network, weights: file }
  throw new UsageError(`--teacher: ${file} tells ${classes} classes apart, ${name} has ${train.classes.length}`)
}
