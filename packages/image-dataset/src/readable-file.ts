import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { DatasetError } from './errors'

/** A file as far as it is asked for. */
export interface ReadableFile {
  readonly name: string
  readonly size: number
  read(offset: number, length: number): Buffer
}

/** Opens a file for the time of `use`. */
export async function withFile<T>(path: string, use: (file: ReadableFile) => T | Promise<T>): Promise<T> {
  const descriptor = open(path)
  try {
    const stats = fstatSync(descriptor)
    if (stats.isDirectory()) throw new DatasetError(`${path} is a folder: name the file`)
    return await use({
      name: path,
      size: stats.size,
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

function open(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (cause) {
    throw new DatasetError(`cannot open ${path} (${(cause as NodeJS.ErrnoException).code}): check the path`, { cause })
  }
}
