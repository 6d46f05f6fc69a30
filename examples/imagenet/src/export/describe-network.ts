import { basename } from 'node:path'
import { imagenetMean, imagenetStd } from '@bag-of-tricks/image-dataset'
import type { RunDescription } from '../run-folder'
import type { NetworkCard } from './network-card'

/** Describes the network of a run; names the data set without the path to it. */
export function describeNetwork(
  { recipe, data }: RunDescription,
  { top1, draw }: { top1?: number; draw: boolean },
): NetworkCard {
  const { model, images } = recipe
  return {
    title: `ResNet-${model.depth}-${model.variant} on ${basename(data.name)}`,
    classes: data.classes,
    input: { size: images.size, resize: images.resize, layout: 'NHWC', mean: imagenetMean, std: imagenetStd },
    output: 'logits',
    draw,
    // Metadata of a model may hold no undefined.
    ...(top1 !== undefined && { top1 }),
  }
}
