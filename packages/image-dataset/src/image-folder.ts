import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { labelClasses, sortByBytes } from './classes'
import { DatasetError } from './errors'
import type { ImageSource } from './source'

export interface ImageFolderOptions {
  /** The classes of the training set, so that a validation folder gets the same labels. @default the folders found */
  classes?: readonly string[]
}

/**
 * Lists pictures sorted into one folder per class: `dir/CLASS/*.jpg`, `.jpeg` or `.png`, in any case.
 *
 * Classes and files are sorted by their bytes, so every machine counts them alike. Dot files, other files and deeper
 * folders are passed over. Nothing is opened: a broken picture shows when it is read. 1.28 million names take about
 * 100 MB.
 *
 * @example
 * const train = await imageFolder('data/train')
 * const validation = await imageFolder('data/val', { classes: train.classes })
 */
export async function imageFolder(dir: string, options: ImageFolderOptions = {}): Promise<ImageSource> {
  const found = await classFolders(dir)
  const { classes, labels: labelOf } = labelClasses(found, options.classes, dir)
  const files: string[] = []
  const labels: number[] = []
  for (const [at, name] of found.entries()) {
    for (const file of await pictures(join(dir, name))) {
      files.push(file)
      labels.push(labelOf[at]!)
    }
  }
  const path = (index: number) => join(dir, classes[labels[index]!]!, files[index]!)
  return { classes, labels: Int32Array.from(labels), length: files.length, name: path, read: async (i) => path(i) }
}

async function classFolders(dir: string): Promise<string[]> {
  const entries = await list(dir)
  const folders: string[] = []
  for (const entry of entries) if (await isFolder(dir, entry)) folders.push(entry.name)
  if (folders.length === 0) {
    throw new DatasetError(`${dir} has no class folders: put the pictures of each class into ${join(dir, 'CLASS')}`)
  }
  return sortByBytes(folders)
}

async function pictures(folder: string): Promise<string[]> {
  const entries = await list(folder)
  const files = entries.filter((entry) => /\.(jpe?g|png)$/i.test(entry.name) && !entry.isDirectory())
  if (files.length === 0) {
    throw new DatasetError(`class folder ${folder} has no .jpg, .jpeg or .png file: add some or remove the folder`)
  }
  return sortByBytes(files.map((entry) => entry.name))
}

async function list(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.filter((entry) => !entry.name.startsWith('.'))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new DatasetError(`no such folder: ${folder}; check the path`, { cause })
    if (code === 'ENOTDIR') throw new DatasetError(`${folder} is a file: name the folder of the classes`, { cause })
    throw new DatasetError(`cannot list ${folder} (${code}): check its permissions and the disk`, { cause })
  }
}

/** A link to a folder is a class too: subsets of ImageNet are often made of links. */
async function isFolder(dir: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory()
  return stat(join(dir, entry.name)).then(
    (target) => target.isDirectory(),
    () => false,
  )
}
