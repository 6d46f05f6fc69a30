import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { DatasetError } from '../errors'
import type { ReadableFile } from './shard-format'

/** Opens a file for the time of `use`. */
export function withFile<T>(path: string, use: (file: ReadableFile) => T): T {
  let descriptor: number
  try {
    descriptor = openSync(path, 'r')
  } catch (cause) {
    throw new DatasetError(`cannot open ${path} (${(cause as NodeJS.ErrnoException).code}): prepare it again`, {
      cause,
    })
  }
  try {
    return use({
      name: path,
      size: fstatSync(descriptor).size,
      read(offset, length) {
        const bytes = Buffer.alloc(length)
        if (readSync(descriptor, bytes, 0, length, offset) === length) return bytes
        throw new DatasetError(`${path} ends while it is read: is it still being written?`)
      },
    })
  } finally {
    closeSync(descriptor)
  }
}
