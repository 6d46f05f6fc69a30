import type { LayersModel } from '@tensorflow/tfjs-node'
import { nearest, quote } from '../command-line'
import { UsageError } from '../errors'

/** What can be kept as it was loaded. */
export const parts = ['stem', 'stage1', 'stage2', 'stage3', 'stage4'] as const
export type Part = (typeof parts)[number]

/** Reads `stem,stage1`; gives the parts in their order. */
export function readParts(text: string, flag: string): Part[] {
  const named = text.split(',').map((part) => part.trim())
  for (const part of named) {
    if (!parts.includes(part as Part)) {
      throw new UsageError(`${flag}: a network has no part ${quote(part)}${nearest(part, parts)}`)
    }
  }
  return parts.filter((part) => named.includes(part))
}

/**
 * Keeps parts of a network as they are: no update, no decay, and batch norm computes by its stored statistics and leaves them.
 *
 * So a frozen part stays the function it was, as with timm's `freeze` and torchvision's `FrozenBatchNorm2d`. With
 * `requires_grad = False` alone, as in torch's tutorial, it would be normalised by each batch, and its statistics would move.
 */
export function freezeParts(model: LayersModel, frozen: readonly Part[]): void {
  for (const layer of model.layers) {
    if (!frozen.some((part) => part === partOf(layer.name))) continue
    layer.trainable = false
    if (layer.getClassName() !== 'BatchNormalization') continue
    // TensorFlow.js goes by `training` of the whole network alone. The prototype's call may be a faster one.
    const { call } = layer
    layer.call = (inputs, kwargs) => call.call(layer, inputs, { ...kwargs, training: false })
  }
}

function partOf(layer: string): Part | undefined {
  const stage = /^layer([1-4])_/.exec(layer)?.[1]
  if (stage !== undefined) return `stage${stage}` as Part
  return /^(conv1|bn1)/.test(layer) ? 'stem' : undefined
}
