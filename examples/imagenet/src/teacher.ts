import { isDeepStrictEqual } from 'node:util'
import type { Data } from './data'
import { UsageError } from './errors'
import type { Recipe } from './recipe'
import { findTrainedRun, type TrainedRun } from './trained-run'

/** Finds the run to distil from; it must know the same classes at the same size. */
export function findTeacher(folder: string, { images }: Recipe, { name, train }: Data): TrainedRun {
  const teacher = findTrainedRun(folder, '--teacher')
  if (!isDeepStrictEqual(teacher.run.data.classes, [...train.classes])) {
    throw new UsageError(`--teacher: ${folder} was trained on other classes than those of ${name}`)
  }
  const { size } = teacher.run.recipe.images
  if (size === images.size) return teacher
  throw new UsageError(
    `--teacher: ${folder} sees pictures of ${size} px, this run of ${images.size}: set --size ${size}`,
  )
}
