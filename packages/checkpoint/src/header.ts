import { CheckpointError } from './checkpoint-error'
import { type JsonCursor, jsonCursor } from './json-cursor'
import { checkLayout, readEntry, type TensorEntry } from './tensor-entry'

/** Longest header that is read or written, as in the reference implementation: 100 MB. */
export const MAX_HEADER_BYTES = 100_000_000

/** The header's length comes first, as an unsigned 64-bit little-endian number. */
export const LENGTH_BYTES = 8

export interface Header {
  entries: TensorEntry[]
  metadata: Record<string, string>
}

/** Gives the header's length out of the first 8 bytes of a file of `size` bytes. */
export function headerLength(start: Uint8Array, size: number, file: string): number {
  if (size < LENGTH_BYTES) throw new CheckpointError(file, `is ${size} bytes long: too short for a safetensors file`)
  const length = new DataView(start.buffer, start.byteOffset).getBigUint64(0, true)
  if (length > MAX_HEADER_BYTES) {
    throw new CheckpointError(file, `its header says it has ${length} bytes, more than the ${MAX_HEADER_BYTES} allowed`)
  }
  if (length > size - LENGTH_BYTES) {
    throw new CheckpointError(file, `its header says it has ${length} bytes, but the file has ${size}: truncated?`)
  }
  return Number(length)
}

/**
 * Reads the header and checks all of it against the bytes that follow, before any tensor is allocated.
 *
 * The tensors must fill `dataSize` exactly: no hole, no overlap, nothing left over. So what they allocate is never
 * more than the file really holds.
 */
export function parseHeader(bytes: Uint8Array, dataSize: number, file: string): Header {
  const cursor = jsonCursor(decodeText(bytes, file), (problem) => {
    throw new CheckpointError(file, `bad header: ${problem}`)
  })
  const entries: TensorEntry[] = []
  let metadata: Record<string, string> = {}
  cursor.object((name) => {
    if (name === '__metadata__') metadata = readMetadata(cursor)
    else entries.push(readEntry(cursor, name, file))
  })
  cursor.end()
  checkLayout(entries, dataSize, file)
  return { entries, metadata }
}

function decodeText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new CheckpointError(file, 'bad header: not UTF-8', { cause })
  }
}

function readMetadata(cursor: JsonCursor): Record<string, string> {
  const pairs: [string, string][] = []
  cursor.object((key) => pairs.push([key, cursor.string()]))
  return Object.fromEntries(pairs)
}
