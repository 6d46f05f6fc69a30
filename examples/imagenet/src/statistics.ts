import type { LayersModel, Tensor } from '@tensorflow/tfjs-node'
import type { TensorFlow } from './device'

/**
 * Gives batch norm's moving statistics as they are now; a clone copies nothing.
 *
 * They move in the forward pass, before anybody knows whether the step will be skipped.
 */
export function copyStatistics(tf: TensorFlow, model: LayersModel): Tensor[] {
  return model.nonTrainableWeights.map((variable) => tf.clone(variable.read()))
}

/** Puts back what `copyStatistics` gave. */
export function writeStatistics(model: LayersModel, statistics: readonly Tensor[]): void {
  for (const [i, variable] of model.nonTrainableWeights.entries()) variable.write(statistics[i]!)
}
