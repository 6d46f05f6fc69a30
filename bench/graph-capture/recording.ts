import type * as core from '@tensorflow/tfjs-core'

/** The TF_AttrTypes that executeOp takes. */
export const attributeTypes = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 }

/** An attribute as executeOp takes it; its value may also be a list. */
export interface Attribute {
  name: string
  /** One of `attributeTypes`. */
  type: number
  value: unknown
}

export interface RecordedTensor {
  /** tfjs-node's addon numbers tensors and never gives a number twice. */
  id: number
  /** A TF_DataType. */
  dtype: number
  shape: number[]
}

export interface Recording {
  inputs: RecordedTensor[]
  /** What the step uploaded. */
  constants: (RecordedTensor & { content: Uint8Array })[]
  ops: { type: string; attributes: Attribute[]; inputs: number[]; outputs: RecordedTensor[] }[]
  /** What the step returned, and behind it the new values of the inputs that it assigned. */
  outputs: RecordedTensor[]
  /** Places, among the inputs, of the variables that the step assigned. */
  assigned: number[]
  /** What the step returned this time; the caller's to dispose. */
  results: core.Tensor[]
}
