import { crc32c } from './crc32c'

/** Bytes around the data: a length of 8 and its checksum before them, theirs behind. */
const HEAD = 12
const TAIL = 4

/** Frames a record as TensorFlow's TFRecord files do: length, masked CRC32C of the length, data, masked CRC32C of the data. */
export function frame(data: Uint8Array): Buffer {
  const framed = Buffer.alloc(HEAD + data.length + TAIL)
  framed.writeBigUInt64LE(BigInt(data.length))
  framed.writeUInt32LE(checksum(framed.subarray(0, 8)), 8)
  framed.set(data, HEAD)
  framed.writeUInt32LE(checksum(data), HEAD + data.length)
  return framed
}

/** Gives the data of each whole record, up to the first that is torn or damaged. */
export function* unframe(file: Buffer): Generator<Buffer> {
  for (let at = 0; at + HEAD + TAIL <= file.length; ) {
    if (file.readUInt32LE(at + 8) !== checksum(file.subarray(at, at + 8))) return
    const end = at + HEAD + Number(file.readBigUInt64LE(at))
    if (end + TAIL > file.length) return
    const data = file.subarray(at + HEAD, end)
    if (file.readUInt32LE(end) !== checksum(data)) return
    yield data
    at = end + TAIL
  }
}

/** Masked, for the checksum of something that holds its own checksum says little. */
function checksum(bytes: Uint8Array): number {
  const crc = crc32c(bytes)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}
