import { isDeepStrictEqual } from 'node:util'
import type { LayersModel } from '@tensorflow/tfjs-node'
import type { Data } from './data'
import type { TensorFlow } from './device'
import { UsageError } from './errors'
import { buildModel, loadWeights } from './model'
import type { Recipe } from './recipe'
import { findWeights, type RunDescription, readDescription } from './run-folder'

/** The network of another run to distil from. */
export interface Teacher {
  run: RunDescription
  weights: string
}

/** Finds a teacher; it must know the same classes at the same size. */
export function findTeacher(folder: string, { images }: Recipe, { name, train }: Data): Teacher {
  const run = readDescription(folder, '--teacher')
  if (!isDeepStrictEqual(run.data.classes, [...train.classes])) {
    throw new UsageError(`--teacher: ${folder} was trained on other classes than those of ${name}`)
  }
  const { size } = run.recipe.images
  if (size !== images.size) {
    throw new UsageError(
      `--teacher: ${folder} sees pictures of ${size} px, this run of ${images.size}: set --size ${size}`,
    )
  }
  return { run, weights: findWeights(folder, '--teacher') }
}

export async function loadTeacher(tf: TensorFlow, { run, weights }: Teacher): Promise<LayersModel> {
  const model = buildModel(tf, run.recipe, run.data.classes.length, run.seed)
  await loadWeights(tf, model, weights)
  return model
}
