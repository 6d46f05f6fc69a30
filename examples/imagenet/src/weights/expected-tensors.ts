import { resnet, torchNames } from '@bag-of-tricks/resnet-tweaks'
import type { Architecture } from './architectures'
import { shapesOnly } from './shapes-only'

const toTorch = { conv: [3, 2, 0, 1], dense: [1, 0], vector: [0] }

/** Lists the tensors of a network's state dict: names and shapes as in torch, without `num_batches_tracked`. */
export function expectedTensors(
  { depth, variant, width }: Architecture,
  classes: number,
): Map<string, { shape: number[] }> {
  const model = resnet(shapesOnly(), { depth, variant, width, classes })
  return new Map(
    torchNames(model).map(({ name, layout, variable }) => [
      name,
      { shape: toTorch[layout].map((axis) => variable.shape[axis]!) },
    ]),
  )
}
