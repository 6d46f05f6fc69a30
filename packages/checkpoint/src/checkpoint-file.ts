import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { CheckpointError } from './checkpoint-error'
import { LENGTH_BYTES } from './header'
import { loadMetadata } from './load-safetensors'
import { safetensorsPieces, type Tensors } from './save-safetensors'

/** The header begins with the checksum, so that it lies at the same place in every checkpoint. */
const BEFORE_CHECKSUM = '{"__metadata__":{"sha256":"'
const BLANK = '0'.repeat(64)
const CHECKSUM_AT = LENGTH_BYTES + BEFORE_CHECKSUM.length
const CHECKSUM_END = CHECKSUM_AT + BLANK.length

/**
 * Gives a safetensors file that carries the SHA-256 of itself, taken with 64 zeros in the place of the checksum.
 *
 * The metadata have one of their own, so that they can be trusted without reading the tensors.
 */
export function checkpointPieces(tensors: Tensors, metadata: Readonly<Record<string, string>>): Uint8Array[] {
  const metadataSha256 = checksumOf(metadata)
  const pieces = safetensorsPieces(tensors, { metadata: { sha256: BLANK, metadataSha256, ...metadata } })
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  const [, header] = pieces
  header.write(hash.digest('hex'), BEFORE_CHECKSUM.length)
  return pieces
}

/** Reads the header alone and throws unless the metadata are as they were written. */
export async function loadCheckpointMetadata(file: string): Promise<Record<string, string>> {
  const { sha256: _, metadataSha256, ...metadata } = await loadMetadata(file)
  // Files of before have neither: one changed key must not make a file look like them.
  const isOfBefore = metadataSha256 === undefined && metadata.generation === undefined
  if (isOfBefore || metadataSha256 === checksumOf(metadata)) return metadata
  throw new CheckpointError(file, 'its metadata are not what was written: their checksum is wrong')
}

function checksumOf(metadata: Readonly<Record<string, string>>): string {
  return createHash('sha256').update(JSON.stringify(metadata)).digest('hex')
}

/** Reads the whole file and throws unless every byte of it is as it was written. */
export async function verifyCheckpoint(file: string): Promise<void> {
  const handle = await open(file)
  try {
    const { buffer: head, bytesRead } = await handle.read(Buffer.alloc(CHECKSUM_END), 0, CHECKSUM_END, 0)
    const found = head.toString('latin1', CHECKSUM_AT)
    if (bytesRead < CHECKSUM_END || head.toString('latin1', LENGTH_BYTES, CHECKSUM_AT) !== BEFORE_CHECKSUM) {
      throw new CheckpointError(file, 'has no checksum: truncated, or no checkpoint')
    }
    const hash = createHash('sha256').update(head.subarray(0, CHECKSUM_AT)).update(BLANK)
    for await (const piece of handle.createReadStream({ start: CHECKSUM_END, autoClose: false })) hash.update(piece)
    if (hash.digest('hex') !== found) throw new CheckpointError(file, 'is not what was written: its checksum is wrong')
  } finally {
    await handle.close()
  }
}
