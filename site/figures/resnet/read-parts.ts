import type * as tf from '@tensorflow/tfjs'

/** A layer that a diagram shows: what it is, and its size. */
export interface Part {
  kind: string
  size: string
}

export interface Parts {
  stem: Part[]
  /** The two ways through the block that halves the picture and doubles the width. */
  branch: Part[]
  shortcut: Part[]
}

type Layer = tf.layers.Layer

/** Reads the stem and the down-sampling block of the last stage out of a network. */
export function readParts(model: tf.LayersModel): Parts {
  const [branch, shortcut] = inputsOf(model.getLayer('layer4_0_add')) as [Layer, Layer]
  return {
    stem: partsBefore(model.getLayer('maxpool'), () => true),
    branch: partsBefore(branch, inBlock),
    shortcut: partsBefore(shortcut, inBlock),
  }
}

const inBlock = ({ name }: Layer) => name.startsWith('layer4_0')

/** Follows the layers back from `last` and gives those worth showing, first to last. */
function partsBefore(last: Layer, belongs: (layer: Layer) => boolean): Part[] {
  const parts: Part[] = []
  for (let layer: Layer | undefined = last; layer && belongs(layer); layer = inputsOf(layer)[0]) {
    const part = partOf(layer)
    if (part) parts.unshift(part)
  }
  return parts
}

function inputsOf(layer: Layer): Layer[] {
  return layer.inboundNodes[0]!.inboundLayers
}

/** Batch norm, ReLU and padding are left out, as in the paper's figures. */
function partOf(layer: Layer): Part | undefined {
  const { filters, kernelSize, poolSize, strides } = layer.getConfig() as Record<string, number & number[]>
  const stride = strides && strides[0]! > 1 ? ` /${strides[0]}` : ''
  switch (layer.getClassName()) {
    case 'Conv2D':
      return { kind: 'conv', size: `${kernelSize!.join('×')}, ${filters}${stride}` }
    case 'MaxPooling2D':
      return { kind: 'max pool', size: `${poolSize!.join('×')}${stride}` }
    case 'AveragePooling2D':
      return { kind: 'average pool', size: `${poolSize!.join('×')}${stride}` }
  }
}
