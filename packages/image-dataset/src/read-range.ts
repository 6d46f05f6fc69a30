import { type FileHandle, open } from 'node:fs/promises'
import { BadImageError } from './errors'
import type { FileRange } from './source'

/** Files kept open: a set has hundreds of archives, an epoch goes back and forth between them. */
const most = 256
const files = new Map<string, Promise<FileHandle>>()

/** Reads a stretch of a file; rejects with `BadImageError` if the file cannot be opened or ends before. */
export async function readRange({ path, offset, length }: FileRange): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  try {
    const file = await opened(path)
    for (let done = 0; done < length; ) {
      const { bytesRead } = await file.read(bytes, done, length - done, offset + done)
      if (bytesRead === 0) throw new BadImageError(`${path} ends in the middle of it`)
      done += bytesRead
    }
  } catch (cause) {
    if (cause instanceof BadImageError) throw cause
    files.delete(path)
    throw new BadImageError(`${path} cannot be opened (${(cause as NodeJS.ErrnoException).code})`, { cause })
  }
  return bytes
}

function opened(path: string): Promise<FileHandle> {
  const known = files.get(path)
  const file = known ?? open(path)
  // Last in the order of the map is the one used last.
  files.delete(path)
  files.set(path, file)
  if (files.size > most) {
    const [oldest, handle] = files.entries().next().value!
    files.delete(oldest)
    void handle.then((stale) => stale.close())
  }
  return file
}
