/** Concatenates encoded fields: a protobuf message is nothing else. */
export const message = (...fields: Uint8Array[]): Uint8Array => Buffer.concat(fields)

/** Encodes a field that is a whole number or, as 0 or 1, a boolean. */
export const integer = (field: number, value: number): Uint8Array => message(tag(field, 0), varint(value))

/** Encodes a field that is a float32. */
export function float(field: number, value: number): Uint8Array {
  return message(tag(field, 5), new Uint8Array(new Float32Array([value]).buffer))
}

/** Encodes a field that is a string, bytes or a message. */
export function bytes(field: number, content: string | Uint8Array): Uint8Array {
  const encoded = typeof content === 'string' ? Buffer.from(content) : content
  return message(tag(field, 2), varint(encoded.length), encoded)
}

/** Decodes the fields of a message, in their order, each with its number. */
export function* decode(content: Uint8Array): Generator<[field: number, value: number | Uint8Array]> {
  const lengths: Record<number, number> = { 1: 8, 5: 4 }
  let at = 0
  const number = () => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = content[at++]!
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return Number(BigInt.asIntN(64, value))
    }
  }
  while (at < content.length) {
    const tag = number()
    const [field, wireType] = [tag >> 3, tag & 7]
    if (wireType === 0) yield [field, number()]
    else {
      const length = lengths[wireType] ?? number()
      yield [field, content.subarray(at, at + length)]
      at += length
    }
  }
}

const tag = (field: number, wireType: number) => varint((field << 3) | wireType)

/** Seven bits a byte, the lowest first; the eighth says that more follow. Negative numbers are those of 64 bits. */
function varint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value))
  const encoded: number[] = []
  for (; rest > 127n; rest >>= 7n) encoded.push(Number(rest & 127n) | 128)
  return Uint8Array.of(...encoded, Number(rest))
}
