import { type FileHandle, open } from 'node:fs/promises'
import { CheckpointError } from './checkpoint-error'
import { DTYPES, type TensorData } from './dtypes'
import { type Header, headerLength, LENGTH_BYTES, parseHeader } from './header'
import type { TensorEntry } from './tensor-entry'

export interface SafetensorsFile {
  /** In the order of the file's header. Each tensor owns its memory. */
  tensors: Map<string, TensorData>
  metadata: Record<string, string>
}

/**
 * Reads a safetensors file, after checking every word of its header.
 *
 * Nothing is allocated on the word of the file alone: sizes, types, offsets, overlaps and holes are checked against
 * the bytes that are really there. What does not fit is a `CheckpointError` naming the file and the tensor.
 *
 * @example
 * const { tensors } = await loadSafetensors('weights.safetensors')
 * tensors.get('fc.bias')?.shape // => [10]
 */
export async function loadSafetensors(file: string): Promise<SafetensorsFile> {
  return withFile(file, readTensors)
}

/** Reads and checks the header alone, and gives the free text in it. */
export async function loadMetadata(file: string): Promise<Record<string, string>> {
  return withFile(file, async (handle) => (await readHeader(handle, file)).metadata)
}

/**
 * Reads safetensors out of memory; the checks and the result are those of `loadSafetensors`.
 *
 * @param file What errors call the bytes.
 *
 * @example
 * const bytes = encodeSafetensors({ bias: { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) } })
 * decodeSafetensors(bytes).tensors.get('bias')?.data // => [1, 2]
 */
export function decodeSafetensors(bytes: Uint8Array, file = 'safetensors bytes'): SafetensorsFile {
  const start = LENGTH_BYTES + headerLength(bytes, bytes.length, file)
  const { entries, metadata } = parseHeader(bytes.subarray(LENGTH_BYTES, start), bytes.length - start, file)
  const tensors = new Map<string, TensorData>()
  for (const entry of entries) {
    const tensor = allocate(entry)
    bytesOf(tensor).set(bytes.subarray(start + entry.begin, start + entry.end))
    tensors.set(entry.name, tensor)
  }
  return { tensors, metadata }
}

async function withFile<T>(file: string, use: (handle: FileHandle, file: string) => Promise<T>): Promise<T> {
  let handle: FileHandle | undefined
  try {
    handle = await open(file)
    return await use(handle, file)
  } catch (cause) {
    if (cause instanceof CheckpointError) throw cause
    throw new CheckpointError(file, `cannot be read: ${(cause as Error).message}`, { cause })
  } finally {
    await handle?.close()
  }
}

async function readTensors(handle: FileHandle, file: string): Promise<SafetensorsFile> {
  const { start, entries, metadata } = await readHeader(handle, file)
  const tensors = new Map<string, TensorData>()
  for (const entry of entries) {
    const tensor = allocate(entry)
    await read(handle, bytesOf(tensor), start + entry.begin, file)
    tensors.set(entry.name, tensor)
  }
  return { tensors, metadata }
}

/** `start` is where the data begin. */
async function readHeader(handle: FileHandle, file: string): Promise<Header & { start: number }> {
  const { size } = await handle.stat()
  const length = headerLength(await read(handle, new Uint8Array(Math.min(LENGTH_BYTES, size)), 0, file), size, file)
  const start = LENGTH_BYTES + length
  const header = await read(handle, new Uint8Array(length), LENGTH_BYTES, file)
  return { start, ...parseHeader(header, size - start, file) }
}

/** Fills `into`; one read may give less than asked for, and never more than 2 GiB. */
async function read(handle: FileHandle, into: Uint8Array, position: number, file: string): Promise<Uint8Array> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await handle.read(into, done, Math.min(into.length - done, 2 ** 30), position + done)
    if (bytesRead === 0) throw new CheckpointError(file, `ends at byte ${position + done}: it shrank while it was read`)
    done += bytesRead
  }
  return into
}

function allocate({ dtype, shape, begin, end }: TensorEntry): TensorData {
  const { array } = DTYPES[dtype]
  return { dtype, shape, data: new array((end - begin) / array.BYTES_PER_ELEMENT) } as TensorData
}

function bytesOf({ data }: TensorData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}
