import { byteLength, DTYPES, dtypeRank, isDtype, type TensorData } from './dtypes'
import { LENGTH_BYTES, MAX_HEADER_BYTES } from './header'
import { writeFileAtomic } from './write-file-atomic'

export type Tensors = ReadonlyMap<string, TensorData> | Readonly<Record<string, TensorData>>

export interface SafetensorsOptions {
  /** Free text kept in the header. Hugging Face's libraries want `{ format: 'pt' }` in weights for PyTorch. */
  metadata?: Readonly<Record<string, string>>
}

/**
 * Writes tensors as a safetensors file, whole or not at all.
 *
 * The file appears under its name when every byte is on the disk (see `writeFileAtomic`); the bytes are those that
 * the reference implementation writes. The arrays must stay unchanged until the promise resolves. Works in a signal
 * handler: what must wait is `process.exit`.
 *
 * @example
 * await saveSafetensors('weights.safetensors', { 'fc.bias': { dtype: 'F32', shape: [10], data: new Float32Array(10) } })
 */
export async function saveSafetensors(file: string, tensors: Tensors, options: SafetensorsOptions = {}): Promise<void> {
  await writeFileAtomic(file, safetensorsPieces(tensors, options))
}

/**
 * Gives the bytes of a safetensors file.
 *
 * 8 bytes of header length, the header as JSON padded with spaces to a multiple of 8, the tensors without a gap.
 *
 * @example
 * encodeSafetensors({ bias: { dtype: 'U8', shape: [2], data: Uint8Array.of(1, 2) } }).length // => 66
 */
export function encodeSafetensors(tensors: Tensors, options: SafetensorsOptions = {}): Uint8Array {
  return Buffer.concat(safetensorsPieces(tensors, options))
}

/** The same bytes in pieces: the header's length, the header, and each tensor where it lies, uncopied. */
export function safetensorsPieces(
  tensors: Tensors,
  { metadata = {} }: SafetensorsOptions,
): [length: Buffer, header: Buffer, ...data: Uint8Array[]] {
  const entries = isMap(tensors) ? [...tensors] : Object.entries(tensors)
  for (const [name, tensor] of entries) checkTensor(name, tensor)
  entries.sort(inFileOrder)
  const header = Buffer.from(headerText(entries, metadata))
  if (header.length > MAX_HEADER_BYTES) {
    throw new RangeError(`names and metadata take ${header.length} bytes, more than the ${MAX_HEADER_BYTES} allowed`)
  }
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeBigUInt64LE(BigInt(header.length))
  const data = entries.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  return [length, header, ...data]
}

/** By tag, because `instanceof` fails for a map from another realm. */
function isMap(tensors: Tensors): tensors is ReadonlyMap<string, TensorData> {
  return Object.prototype.toString.call(tensors) === '[object Map]'
}

function headerText(entries: readonly [string, TensorData][], metadata: Readonly<Record<string, string>>): string {
  const fields: string[] = []
  if (Object.keys(metadata).length > 0) fields.push(`"__metadata__":${metadataText(metadata)}`)
  let begin = 0
  for (const [name, { dtype, shape, data }] of entries) {
    const end = begin + data.byteLength
    fields.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`)
    begin = end
  }
  const text = `{${fields.join()}}`
  return text + ' '.repeat(-Buffer.byteLength(text) & 7)
}

function metadataText(metadata: Readonly<Record<string, string>>): string {
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') throw new TypeError(`metadata.${key} must be a string, got ${typeof value}`)
    checkText(`metadata.${key}`, key + value)
  }
  return JSON.stringify(metadata)
}

/** Widest type first, then by name: JavaScript compares UTF-16 units, the reference implementation UTF-8 bytes. */
function inFileOrder([left, a]: [string, TensorData], [right, b]: [string, TensorData]): number {
  return dtypeRank.get(b.dtype)! - dtypeRank.get(a.dtype)! || Buffer.compare(Buffer.from(left), Buffer.from(right))
}

function checkTensor(name: string, { dtype, shape, data }: TensorData): void {
  const label = `tensor ${JSON.stringify(name)}`
  checkText(label, name)
  if (name === '__metadata__')
    throw new RangeError('a tensor cannot be named "__metadata__": the format keeps that name')
  if (!isDtype(dtype)) throw new RangeError(`${label}: dtype must be a safetensors type, got ${JSON.stringify(dtype)}`)
  const { array } = DTYPES[dtype]
  // By tag, because `instanceof` fails for arrays from another realm.
  const kind = Object.prototype.toString.call(data).slice(8, -1)
  if (kind !== array.name) throw new TypeError(`${label}: data of ${dtype} must be a ${array.name}, got ${kind}`)
  const bytes = byteLength(dtype, shape)
  if (bytes === data.byteLength) return
  throw new RangeError(
    `${label}: ${dtype} [${shape}] takes ${bytes ?? 'no whole number of'} bytes, got ${data.byteLength}`,
  )
}

function checkText(label: string, text: string): void {
  if (/\p{Surrogate}/u.test(text)) throw new RangeError(`${label}: holds half a surrogate pair, which UTF-8 cannot`)
}
