import { posix } from 'node:path'
import { DatasetError } from '../errors'
import type { ReadableFile } from '../readable-file'
import type { TarHeader } from './header-parser'

/** A file in a tar file. */
export interface TarEntry {
  /** With slashes, without `.` in it. */
  name: string
  /** Where its content begins, and how long it is. */
  offset: number
  length: number
}

/** The file that a header tells of, undefined for a folder; refuses what is neither, leads elsewhere or is not there. */
export function tarEntry(header: TarHeader, file: ReadableFile): TarEntry | undefined {
  const { type, size = 0, pax, byteOffset: offset } = header
  const name = header.name.replace(/^(\.\/)+/, '')
  const refuse = (what: string) => new DatasetError(`${file.name} has an entry ${header.name} ${what}`)
  if (/^([/\\]|[a-z]:)|\\|\0|(^|\/)\.\.(\/|$)/i.test(name)) throw refuse('whose name leads out of it: do not trust it')
  if (type === 'directory') return undefined
  if (type !== 'file' && type !== 'contiguous-file') {
    throw refuse(`that is no file but ${type ?? 'of an unknown kind'}: make it without`)
  }
  if (Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse.'))) {
    throw refuse('that is stored with holes: make it without --sparse')
  }
  if (!Number.isSafeInteger(size) || offset + size > file.size) throw refuse('that is not all there: copy it again')
  return { name: posix.normalize(name), offset, length: size }
}
