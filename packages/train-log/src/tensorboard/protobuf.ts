/** How a field is written on the wire: https://protobuf.dev/programming-guides/encoding/#structure. */
const VARINT = 0
const FIXED64 = 1
const BYTES = 2
const FIXED32 = 5

/** Bytes of the fields that always have as many. */
const FIXED: Readonly<Record<number, number>> = { [FIXED64]: 8, [FIXED32]: 4 }

// While it is put together a message is a string with a character for each byte: much faster than small buffers.

/** Gives bytes, or the UTF-8 of a text, as such a string. */
export function binary(value: string | Uint8Array): string {
  return Buffer.from(value as Uint8Array).toString('latin1')
}

/** Writes a field that is an integer ≥ 0. */
export function integer(field: number, value: number): string {
  return varint(8 * field + VARINT) + varint(value)
}

/** Writes a field of 64 bits. */
export function double(field: number, value: number): string {
  scratch.writeDoubleLE(value)
  return varint(8 * field + FIXED64) + scratch.toString('latin1', 0, 8)
}

/** Writes a field of 32 bits. */
export function float(field: number, value: number): string {
  scratch.writeFloatLE(value)
  return varint(8 * field + FIXED32) + scratch.toString('latin1', 0, 4)
}

/** Writes a field that is text, bytes, or a message: its fields one behind the other. */
export function bytes(field: number, data: string): string {
  return varint(8 * field + BYTES) + varint(data.length) + data
}

const scratch = Buffer.alloc(8)

/** Seven bits a byte, the lowest first; all bytes but the last have their highest bit set. No shifts: they end at 32 bits. */
function varint(value: number): string {
  let digits = ''
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) digits += String.fromCharCode((rest % 0x80) + 0x80)
  return digits + String.fromCharCode(rest)
}

/** Reads the fields of a message, the last of each number: integers as numbers, whatever else as its bytes. */
export function fieldsOf(message: Buffer): Map<number, number | Buffer> {
  const fields = new Map<number, number | Buffer>()
  let at = 0
  while (at < message.length) {
    const tag = readInteger()
    const wire = tag % 8
    fields.set(Math.floor(tag / 8), wire === VARINT ? readInteger() : readBytes(FIXED[wire] ?? readInteger()))
  }
  return fields

  function readInteger(): number {
    let value = 0
    for (let scale = 1; ; scale *= 0x80) {
      const byte = message.readUInt8(at++)
      value += (byte % 0x80) * scale
      if (byte < 0x80) return value
    }
  }

  function readBytes(length: number): Buffer {
    at += length
    return message.subarray(at - length, at)
  }
}
