import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { resnet } from '@bag-of-tricks/resnet-tweaks'
import type { LayersModel } from '@tensorflow/tfjs-node'
import type { TensorFlow } from './device'
import { loadWeights } from './model'
import { finalEvaluation } from './read-run-log'
import { files, findWeights, type RunDescription, readDescription } from './run-folder'
import type { Architecture } from './weights/architectures'

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

/** Path of the last weights of a run that has come to its end; undefined where it has not. */
export function findLastWeights(folder: string, run: RunDescription): string | undefined {
  const weights = join(folder, files.last)
  const ended = existsSync(weights) && existsSync(join(folder, files.log)) && finalEvaluation(folder, run)
  return ended ? weights : undefined
}

export function loadTrainedModel(tf: TensorFlow, { run, weights }: TrainedRun): Promise<LayersModel> {
  const { model: network, images } = run.recipe
  return loadNetwork(tf, { network, weights, classes: run.data.classes.length, size: images.size })
}

interface Network {
  network: Architecture
  /** Path. */
  weights: string
  classes: number
  /** Pixels. */
  size: number
}

export async function loadNetwork(tf: TensorFlow, { network, weights, classes, size }: Network): Promise<LayersModel> {
  const { depth, variant, width } = network
  const model = resnet(tf, {
    ...{ depth, variant, width, classes },
    inputShape: [size, size, 3],
    // All weights are about to be loaded. To draw millions first takes seconds, and again wherever an export is loaded.
    initializer: () => tf.initializers.zeros(),
  })
  await loadWeights(tf, model, weights)
  return model
}
