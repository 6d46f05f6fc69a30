import { impliedAttributes } from './implied-attributes'
import { bytes, float, integer, message } from './protobuf'
import { type Attribute, attributeTypes, type Recording } from './recording'

/** Names of the nodes that are a function's inputs and outputs. */
export const inputName = (i: number) => `input_${i}`
export const outputName = (i: number) => `output_${i}`

/**
 * Writes a recording as a GraphDef, the serialised form of a TensorFlow graph: any tool that draws graphs reads it.
 *
 * An op stays as it was executed. The inputs become Placeholder nodes, what the step uploaded Const nodes, and each output
 * gets an Identity node of its own, for one tensor may be returned twice or be an input.
 */
export function graphDef(
  { inputs, constants, ops, outputs }: Recording,
  opDef: (type: string) => Uint8Array,
): Uint8Array {
  const nodes: Uint8Array[] = []
  const values = new Map<number, { name: string; dtype: number }>()
  const add = (name: string, op: string, attributes: Uint8Array[], from: number[] = []) => {
    const edges = from.map((id) => bytes(3, values.get(id)!.name))
    nodes.push(bytes(1, message(bytes(1, name), bytes(2, op), ...edges, ...attributes)))
  }
  inputs.forEach(({ id, dtype, shape }, i) => {
    add(inputName(i), 'Placeholder', [attribute('dtype', type(dtype)), attribute('shape', bytes(7, dimensions(shape)))])
    values.set(id, { name: inputName(i), dtype })
  })
  for (const { id, dtype, shape, content } of constants) {
    const tensor = message(integer(1, dtype), bytes(2, dimensions(shape)), bytes(4, content))
    add(`constant_${id}`, 'Const', [attribute('dtype', type(dtype)), attribute('value', bytes(8, tensor))])
    values.set(id, { name: `constant_${id}`, dtype })
  }
  ops.forEach((op, i) => {
    const name = `${op.type}_${i}`
    const dtypes = op.inputs.map((id) => values.get(id)!.dtype)
    const attributes = [...op.attributes, ...impliedAttributes(opDef(op.type), op.attributes, dtypes)]
    add(name, op.type, attributes.map(recorded), op.inputs)
    op.outputs.forEach(({ id, dtype }, k) => {
      values.set(id, { name: `${name}:${k}`, dtype })
    })
  })
  outputs.forEach(({ id, dtype }, i) => {
    add(outputName(i), 'Identity', [attribute('T', type(dtype))], [id])
  })
  return message(...nodes, bytes(4, integer(1, producer)))
}

/** The version of GraphDef that TensorFlow 2.21 writes; with none given it would check less. */
const producer = 2474

const attribute = (name: string, value: Uint8Array) => bytes(5, message(bytes(1, name), bytes(2, value)))
const type = (dtype: number) => integer(6, dtype)
const dimensions = (shape: number[]) => message(...shape.map((size) => bytes(2, integer(1, size))))

/** The field of AttrValue that holds a value of each type. */
const fields: Record<number, (value: never) => Uint8Array> = {
  [attributeTypes.string]: (value: string) => bytes(2, value),
  [attributeTypes.int]: (value: number) => integer(3, value),
  [attributeTypes.float]: (value: number) => float(4, value),
  [attributeTypes.bool]: (value: boolean) => integer(5, Number(value)),
  [attributeTypes.type]: type,
  [attributeTypes.shape]: (value: number[]) => bytes(7, dimensions(value)),
}

function recorded({ name, type, value }: Attribute): Uint8Array {
  const field = fields[type] as ((value: unknown) => Uint8Array) | undefined
  if (!field) throw new Error(`graphDef: attribute ${name} is of the unknown type ${type}`)
  // AttrValue's field 1 is a list, whose own fields have the numbers of the single ones.
  const list = Array.isArray(value) && type !== attributeTypes.shape
  return attribute(name, list ? bytes(1, message(...value.map(field))) : field(value))
}
