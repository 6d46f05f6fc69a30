import { createHash } from 'node:crypto'
import { type Header, pack } from 'tar-stream'

/** A file in memory that remembers how much is read of it, and whether it was asked for what it has not. */
export function fileOf(bytes: Buffer) {
  const state = { read: 0, beyond: false }
  const read = (offset: number, length: number) => {
    state.read += length
    // Not thrown: the caller would take it for damage.
    state.beyond ||= !(offset >= 0 && length >= 0 && offset + length <= bytes.length)
    return bytes.subarray(offset, offset + length)
  }
  return { state, name: 'x.tar', size: bytes.length, read }
}

/** A tar file of these entries; text stands for a name alone. */
export async function packed(
  entries: [header: string | (Partial<Header> & { name: string }), content: Buffer][],
): Promise<Buffer> {
  const archive = pack()
  for (const [header, bytes] of entries) archive.entry(typeof header === 'string' ? { name: header } : header, bytes)
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** So many bytes, always the same. */
export function content(length: number): Buffer {
  return createHash('shake256', { outputLength: length }).digest()
}

/** Makes the checksum of every header right again, so that a change reaches the checks behind it. */
export function mend(bytes: Buffer): Buffer {
  const mended = Buffer.from(bytes)
  for (let at = 0; at + 512 <= mended.length; at += 512) {
    const header = mended.subarray(at, at + 512)
    if (header.toString('latin1', 257, 262) !== 'ustar') continue
    const sum = header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  }
  return mended
}

/** The size of the first entry as a number of base 256, as tar writes those above 8 GiB. */
export function largeSize(bytes: Buffer, size: number): Buffer {
  const changed = Buffer.from(bytes)
  changed.fill(0, 124, 136)
  changed[124] = 0x80
  changed.writeBigUInt64BE(BigInt(size), 128)
  return mend(changed)
}
