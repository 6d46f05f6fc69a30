import type { LayersModel } from '@tensorflow/tfjs-node'
import type { TensorFlow } from './device'

/**
 * Keeps batch norm's moving statistics as they are now; gives what puts them back, within the `tidy` around both.
 *
 * They move in the forward pass, before anybody knows whether the step will be skipped. A clone copies nothing.
 */
export function keepStatistics(tf: TensorFlow, model: LayersModel): { restore: () => void } {
  const kept = model.nonTrainableWeights.map((variable) => ({ variable, value: tf.clone(variable.read()) }))
  return {
    restore() {
      for (const { variable, value } of kept) variable.write(value)
    },
  }
}
