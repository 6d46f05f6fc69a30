import { posix } from 'node:path'
import { DatasetError } from '../errors'
import type { ReadableFile } from '../readable-file'
import type { TarEntry } from './tar-entry'

/** How a tar file says which class a picture is of. */
export type TarLayout = 'files .cls' | 'folders' | 'the names of tar files'

/** A picture and what tells its class: a number as text, or a name. */
export interface LabelledEntry extends TarEntry {
  className: string
}

export interface LabelledTar {
  layout: TarLayout
  pictures: LabelledEntry[]
}

/**
 * Tells the class of each picture: by the file `.cls` beside it, as in WebDataset; else by its folder; else by the name of
 * the tar file, as in ImageNet's own archives.
 */
export function labelEntries(file: ReadableFile, entries: readonly TarEntry[]): LabelledTar {
  // Dot files are passed over as in a folder: a Mac's tar has one beside each picture.
  const pictures = entries.filter(({ name }) => /\.(jpe?g|png)$/i.test(name) && !/(^|\/)\./.test(name))
  const labels = entries.filter(({ name }) => name === `${key(name)}.cls`)
  const numbers = new Map(labels.map((entry) => [key(entry.name), entry]))
  if (numbers.size > 0) {
    const labelled = pictures.map((picture) => ({ ...picture, className: readClass(file, picture, numbers) }))
    return { layout: 'files .cls', pictures: labelled }
  }
  const folder = (name: string) => posix.basename(posix.dirname(name))
  const inFolders = pictures.filter(({ name }) => name.includes('/'))
  if (inFolders.length === 0) {
    const className = posix.basename(file.name.replaceAll('\\', '/')).replace(/\.tar$/i, '')
    return { layout: 'the names of tar files', pictures: pictures.map((picture) => ({ ...picture, className })) }
  }
  const outside = pictures.find(({ name }) => !name.includes('/'))
  if (outside) throw new DatasetError(`${file.name} has ${outside.name} in no folder, and others in folders of classes`)
  return { layout: 'folders', pictures: pictures.map((picture) => ({ ...picture, className: folder(picture.name) })) }
}

/** What names of one sample have in common in WebDataset: all before the first dot of the last part. */
function key(name: string): string {
  return name.replace(/\.[^/]*$/, '')
}

function readClass(file: ReadableFile, { name }: TarEntry, numbers: ReadonlyMap<string, TarEntry>): string {
  const entry = numbers.get(key(name))
  if (entry === undefined) throw new DatasetError(`${file.name} has no file .cls beside ${name}, but beside others`)
  // A number of a million classes takes six.
  const text = entry.length <= 64 ? file.read(entry.offset, entry.length).toString().trim() : ''
  if (/^\d{1,6}$/.test(text)) return String(Number(text))
  throw new DatasetError(`${file.name}: ${entry.name} must hold the number of a class`)
}
