import { closeSync, openSync, readSync } from 'node:fs'
import { BadImageError } from './errors'
import type { FileRange } from './source'

/** Files kept open: a set has hundreds of archives, an epoch goes back and forth between them. */
const most = 256
const files = new Map<string, number>()
let memory = new Uint8Array(2 ** 20)

/**
 * Reads a stretch of a file as `readRange` does, but waits for the disk and gives memory that the next call uses again: for
 * a process with nothing else to do. With prepared shards that saves a fifth of its time.
 */
export function readRangeNow({ path, offset, length }: FileRange): Uint8Array {
  if (memory.length < length) memory = new Uint8Array(length)
  let done = 0
  try {
    while (done < length) {
      const count = readSync(opened(path), memory, done, length - done, offset + done)
      if (count === 0) break
      done += count
    }
  } catch (cause) {
    throw new BadImageError(`${path} cannot be opened (${(cause as NodeJS.ErrnoException).code})`, { cause })
  }
  if (done < length) throw new BadImageError(`${path} ends in the middle of it`)
  return memory.subarray(0, length)
}

function opened(path: string): number {
  let file = files.get(path)
  if (file === undefined) {
    const [oldest] = files
    if (files.size === most && oldest) {
      files.delete(oldest[0])
      closeSync(oldest[1])
    }
    file = openSync(path, 'r')
    files.set(path, file)
  }
  return file
}
