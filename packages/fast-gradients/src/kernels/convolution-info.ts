import type * as core from '@tensorflow/tfjs-core'
import type { Attribute } from '../op'
import type { TensorFlow } from '../tensorflow'
import type { Attributes } from './kernel'
import type { Paddings } from './reshaping'

export type Info = core.backend_util.Conv2DInfo

/** Shapes and padding as tfjs works them out, sizes rounded down as TensorFlow does; undefined with channels first, which stays with tfjs-node. */
export function infoOf(
  tf: TensorFlow,
  inShape: number[],
  filterShape: number[],
  attributes: Attributes,
): Info | undefined {
  const { strides, pad, dilations = 1, dataFormat = 'NHWC' } = attributes
  if (dataFormat !== 'NHWC') return undefined
  return tf.backend_util.computeConv2DInfo(
    inShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides as number,
    dilations as number,
    pad as 'same',
  )
}

/** The zeros around a picture where TensorFlow has no word for them. */
export function explicitPaddings({ padInfo: { type, top, bottom, left, right } }: Info): Paddings | undefined {
  if (type === 'SAME' || type === 'VALID') return undefined
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]
}

export function opAttributes(
  type: number,
  info: Info,
  padding: string,
  explicit?: Paddings,
): Record<string, Attribute> {
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = info
  return {
    T: { type },
    strides: { int: [1, strideHeight, strideWidth, 1] },
    padding,
    // An empty list is taken for a padding by some of TensorFlow's kernels.
    ...(explicit && { explicit_paddings: { int: explicit.flat() } }),
    data_format: 'NHWC',
    use_cudnn_on_gpu: true,
    dilations: { int: [1, dilationHeight, dilationWidth, 1] },
  }
}
