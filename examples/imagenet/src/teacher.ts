import { join } from 'node:path'
import type { LayersModel } from '@tensorflow/tfjs-node'
import type { TensorFlow } from './device'
import { UsageError } from './errors'
import { buildModel, loadWeights } from './model'
import type { Plan } from './plan'
import { files, readDescription } from './run-folder'

/** Loads the network of another run to distil from; it must know the same classes at the same size. */
export async function openTeacher(tf: TensorFlow, folder: string, { recipe, data }: Plan): Promise<LayersModel> {
  const run = readDescription(folder, '--teacher')
  if (`${run.data.classes}` !== `${data.train.classes}`) {
    throw new UsageError(`--teacher: ${folder} was trained on other classes than those of ${data.name}`)
  }
  if (run.recipe.images.size !== recipe.images.size) {
    throw new UsageError(
      `--teacher: ${folder} sees pictures of ${run.recipe.images.size} px, this run of ${recipe.images.size}: set --size`,
    )
  }
  const model = buildModel(tf, run.recipe, run.data.classes.length, run.seed)
  await loadWeights(tf, model, join(folder, files.best))
  return model
}
