import type { LayersModel } from '@tensorflow/tfjs-node'
import type { TensorFlow } from './device'
import { buildModel, loadWeights } from './model'
import { findWeights, type RunDescription, readDescription } from './run-folder'

/** A run whose network can be used. */
export interface TrainedRun {
  run: RunDescription
  /** Path of the weights to use. */
  weights: string
}

/** @param flag Which flag named the folder, for the message. */
export function findTrainedRun(folder: string, flag: string): TrainedRun {
  return { run: readDescription(folder, flag), weights: findWeights(folder, flag) }
}

export async function loadTrainedModel(tf: TensorFlow, { run, weights }: TrainedRun): Promise<LayersModel> {
  const model = buildModel(tf, run.recipe, run.data.classes.length, run.seed)
  await loadWeights(tf, model, weights)
  return model
}
