import { loadSafetensors, saveSafetensors, type TensorData } from '@bag-of-tricks/checkpoint'
import { fusedBatchNormalization, type Ranks } from '@bag-of-tricks/fast-gradients'
import { resnet, type TorchWeight, torchNames } from '@bag-of-tricks/resnet-tweaks'
import type { LayersModel } from '@tensorflow/tfjs-node'
import type { TensorFlow } from './device'
import { RunError } from './errors'
import type { Recipe } from './recipe'
import { toFloat32 } from './weights/float32'
import { metadataOf } from './weights/weights-metadata'

/**
 * Makes the network of a recipe; γ starts at one, zero γ is a trick of its own.
 *
 * @param ranks Processes whose batches batch norm takes for one; it keeps to that of this process where they are left out.
 */
export function buildModel(
  tf: TensorFlow,
  { model, images }: Recipe,
  classes: number,
  seed: number,
  ranks?: Ranks,
): LayersModel {
  const { depth, variant, width, initializer } = model
  const inputShape = [images.size, images.size, 3] as const
  const batchNormalization = ranks && fusedBatchNormalization(tf, { ranks })
  return resnet(tf, { depth, variant, width, initializer, batchNormalization, classes, seed, inputShape })
}

const toTorch = { conv: [3, 2, 0, 1], dense: [1, 0], vector: [0] }
const fromTorch = { conv: [2, 3, 1, 0], dense: [1, 0], vector: [0] }

/** Saves all weights under torch's names and in its layout, so that timm and torchvision load the file. */
export async function saveWeights(tf: TensorFlow, model: LayersModel, file: string): Promise<void> {
  const tensors = new Map<string, TensorData>()
  for (const { name, layout, variable } of torchNames(model)) {
    tf.tidy(() => {
      const tensor = tf.transpose(variable.read(), toTorch[layout])
      tensors.set(name, {
        dtype: 'F32',
        shape: tensor.shape,
        data: tensor.dataSync<'float32'>(),
      })
    })
  }
  await saveSafetensors(file, tensors, { metadata: metadataOf(model) })
}

/** Loads what `saveWeights` wrote, or the like of timm's in whatever floats; every name and shape must fit. */
export async function loadWeights(tf: TensorFlow, model: LayersModel, file: string): Promise<void> {
  const { tensors } = await loadSafetensors(file)
  for (const { name, layout, variable } of torchNames(model)) {
    const found = tensors.get(name)
    if (found === undefined) throw new RunError(`${file} has no tensor ${name}`)
    const shape = toTorch[layout].map((axis) => variable.shape[axis])
    if (`${found.shape}` !== `${shape}`) {
      throw new RunError(`${file}: ${name} must be of shape [${shape}] here, got [${found.shape}]`)
    }
    writeWeight(tf, { layout, variable }, toFloat32(found, `${file}: ${name}`))
  }
}

/** Writes a tensor of torch's layout where it belongs. */
export function writeWeight(tf: TensorFlow, { layout, variable }: Weight, { data, shape }: Float32Tensor): void {
  tf.tidy(() => {
    variable.write(tf.transpose(tf.tensor(data, [...shape]), fromTorch[layout]))
  })
}

type Weight = Pick<TorchWeight<LayersModel['weights'][number]>, 'layout' | 'variable'>
type Float32Tensor = Extract<TensorData, { dtype: 'F32' }>
