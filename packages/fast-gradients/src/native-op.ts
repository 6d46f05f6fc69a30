import type * as core from '@tensorflow/tfjs-core'

type Attribute = { name: string; type: number; value: unknown }

/** The part of tfjs-node's native binding and kernel backend used here; neither is declared in its published types. */
interface NodeBackend {
  readonly binding: Readonly<
    Record<'TF_FLOAT' | 'TF_ATTR_TYPE' | 'TF_ATTR_FLOAT' | 'TF_ATTR_STRING' | 'TF_ATTR_BOOL', number>
  >
  executeMultipleOutputs(
    op: string,
    attributes: Attribute[],
    inputs: core.TensorInfo[],
    outputs: number,
  ): core.TensorInfo[]
}

/** Attribute values by kind: TensorFlow tells a float from an integer or a type by tag, not by value. */
export interface OpAttributes {
  /** Attributes holding the element type; always float32 here. */
  types?: readonly string[]
  floats?: Readonly<Record<string, number>>
  strings?: Readonly<Record<string, string>>
  booleans?: Readonly<Record<string, boolean>>
}

/** Runs one TensorFlow op by name on tfjs-node's backend, and returns its `outputs` results; the number must be the op's own. */
export function runNativeOp(
  backend: unknown,
  op: string,
  inputs: core.TensorInfo[],
  outputs: number,
  { types = ['T'], floats = {}, strings = {}, booleans = {} }: OpAttributes = {},
): core.TensorInfo[] {
  const node = backend as NodeBackend
  const { TF_FLOAT, TF_ATTR_TYPE, TF_ATTR_FLOAT, TF_ATTR_STRING, TF_ATTR_BOOL } = node.binding
  const tagged = (values: Readonly<Record<string, unknown>>, type: number): Attribute[] =>
    Object.entries(values).map(([name, value]) => ({ name, type, value }))
  const attributes = [
    ...types.map((name) => ({ name, type: TF_ATTR_TYPE, value: TF_FLOAT })),
    ...tagged(floats, TF_ATTR_FLOAT),
    ...tagged(strings, TF_ATTR_STRING),
    ...tagged(booleans, TF_ATTR_BOOL),
  ]
  return node.executeMultipleOutputs(op, attributes, inputs, outputs)
}
