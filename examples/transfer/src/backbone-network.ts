import { loadWeights, type TensorFlow, type TrainedRun } from '@bag-of-tricks/example-imagenet'
import { resnet } from '@bag-of-tricks/resnet-tweaks'
import type { LayersModel } from '@tensorflow/tfjs-node'

/** Loads the network of a run without its last layer: it gives the maps of the four stages, strides 4, 8, 16 and 32. */
export async function loadBackbone(tf: TensorFlow, { run, weights }: TrainedRun): Promise<LayersModel> {
  const { depth, variant, width } = run.recipe.model
  const { size } = run.recipe.images
  const initializer = () => tf.initializers.zeros()
  const model = resnet(tf, { depth, variant, width, inputShape: [size, size, 3], initializer, features: true })
  await loadWeights(tf, model, weights)
  return model
}
