import { decode } from './protobuf'
import { type Attribute, attributeTypes } from './recording'

/** An input of an op, or a list of inputs, and the attributes that hold its type and, for a list, its length. */
interface Argument {
  typeAttribute?: string
  lengthAttribute?: string
  typesAttribute?: string
}

/**
 * Gives the attributes that follow from an op's inputs. Eager execution fills them in where a kernel leaves them out, as
 * tfjs-node's ExpandDims does; a graph wants them all.
 */
export function impliedAttributes(
  opDef: Uint8Array,
  given: readonly Attribute[],
  dtypes: readonly number[],
): Attribute[] {
  const declared = inputArguments(opDef)
  const lists = declared.filter(isList).length
  // The lists of one op are of one length, as in DynamicStitch.
  const length = (dtypes.length - (declared.length - lists)) / lists
  const implied = new Map<string, Attribute>()
  const imply = (name: string | undefined, type: number, value: unknown) => {
    if (name && !given.some((attribute) => attribute.name === name)) implied.set(name, { name, type, value })
  }
  let next = 0
  for (const argument of declared) {
    const own = dtypes.slice(next, next + (isList(argument) ? length : 1))
    next += own.length
    imply(argument.typeAttribute, attributeTypes.type, own[0])
    imply(argument.lengthAttribute, attributeTypes.int, own.length)
    imply(argument.typesAttribute, attributeTypes.type, own)
  }
  return [...implied.values()]
}

const isList = ({ lengthAttribute, typesAttribute }: Argument) => Boolean(lengthAttribute ?? typesAttribute)

/** Reads TensorFlow's OpDef: its field 2 holds the inputs, of type ArgDef. */
function inputArguments(opDef: Uint8Array): Argument[] {
  const inputs = [...decode(opDef)].filter(([field]) => field === 2)
  return inputs.map(([, argDef]) => {
    const fields = new Map(decode(argDef as Uint8Array))
    const text = (field: number) =>
      fields.has(field) ? Buffer.from(fields.get(field) as Uint8Array).toString() : undefined
    return { typeAttribute: text(4), lengthAttribute: text(5), typesAttribute: text(6) }
  })
}
