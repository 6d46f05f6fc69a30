import { resnet } from '@bag-of-tricks/resnet-tweaks'
import type { LayersModel } from '@tensorflow/tfjs-node'
import type { TensorFlow } from './device'
import { loadWeights } from './model'
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
  const { model: network, images } = run.recipe
  const model = resnet(tf, {
    ...{ depth: network.depth, variant: network.variant, width: network.width, classes: run.data.classes.length },
    inputShape: [images.size, images.size, 3],
    // All weights are about to be loaded. To draw millions first takes seconds, and again wherever an export is loaded.
    initializer: () => tf.initializers.zeros(),
  })
  await loadWeights(tf, model, weights)
  return model
}
