import { type Binding, INT32, type NodeBackend } from './backend'
import { Handle } from './handle'

/** An attribute's value: TensorFlow tells a float, an integer and a type by tag, not by value. */
export type Attribute =
  | string
  | boolean
  | { type: number }
  | { int: number | readonly number[] }
  | { float: number | readonly number[] }
  | { bools: readonly boolean[] }

/** Runs one TensorFlow op by name. `outputs` must be the op's own number. The caller owns the results. */
export function runOp(
  backend: NodeBackend,
  op: string,
  inputs: readonly Handle[],
  outputs: number,
  attributes: Readonly<Record<string, Attribute>>,
): Handle[] {
  const tagged = Object.entries(attributes).map(([name, value]) => ({ name, ...tag(backend.binding, value) }))
  const ids = inputs.map(({ id }) => id)
  return backend.binding
    .executeOp(op, tagged, ids, outputs)
    .map(({ id, dtype, shape }) => new Handle(backend, id, dtype, shape))
}

/** Makes a tensor of integers for the ops that take a shape or axes as an input. */
export function integers(backend: NodeBackend, values: readonly number[], shape = [values.length]): Handle {
  const id = backend.binding.createTensor(shape, INT32, Int32Array.from(values))
  return new Handle(backend, id, INT32, shape)
}

/** Converts between element types. */
export function cast(backend: NodeBackend, handle: Handle, type: number): Handle {
  const attributes = { SrcT: { type: handle.type }, DstT: { type }, Truncate: false }
  return runOp(backend, 'Cast', [handle], 1, attributes)[0]!
}

function tag(binding: Binding, value: Attribute): { type: number; value: unknown } {
  if (typeof value === 'string') return { type: binding.TF_ATTR_STRING, value }
  if (typeof value === 'boolean') return { type: binding.TF_ATTR_BOOL, value }
  if ('type' in value) return { type: binding.TF_ATTR_TYPE, value: value.type }
  if ('int' in value) return { type: binding.TF_ATTR_INT, value: value.int }
  if ('float' in value) return { type: binding.TF_ATTR_FLOAT, value: value.float }
  return { type: binding.TF_ATTR_BOOL, value: value.bools }
}
