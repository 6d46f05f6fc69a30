import { labelClasses, sortByBytes } from '../classes'
import { DatasetError } from '../errors'
import { withFile } from '../readable-file'
import type { ImageSource } from '../source'
import { tarEntries } from './tar-entries'
import { type LabelledTar, labelEntries, type TarLayout } from './tar-labels'

export interface ImageTarOptions {
  /** The classes of the training set, so that a validation set gets the same labels. @default those found */
  classes?: readonly string[]
}

/**
 * Lists the pictures of tar files without unpacking them: JPEG and PNG, found by their headers and read where they lie.
 *
 * The class of a picture is the number in the file `.cls` beside it (WebDataset), or the folder it is in, or the name of the
 * tar file (`n01440764.tar`); all files of a set must do the same. Sorted by file, then as in the file; other entries and
 * dot files are passed over. 1.28 million names take about 150 MB.
 *
 * @throws DatasetError for a file that is missing, compressed or cut short, for links and devices in it, and for names that
 * lead out of it.
 *
 * @example
 * const train = await imageTar(['imagenet-train-000.tar', 'imagenet-train-001.tar'])
 */
export async function imageTar(paths: string | readonly string[], options: ImageTarOptions = {}): Promise<ImageSource> {
  const files = sortByBytes([paths].flat())
  const where = files.length > 1 ? `${files[0]} and ${files.length - 1} other tar files` : files.join()
  const table = newTable()
  for (const [at, path] of files.entries()) {
    add(table, at, path, await withFile(path, async (file) => labelEntries(file, await tarEntries(file))))
  }
  if (table.names.length === 0)
    throw new DatasetError(`there is no JPEG or PNG picture in ${where || 'no tar file at all'}`)
  const { classes, label } = numbered(table, options.classes, where)
  const { names } = table
  const [fileOf, offsets, lengths] = [
    Uint32Array.from(table.fileOf),
    Float64Array.from(table.offsets),
    Float64Array.from(table.lengths),
  ]
  const path = (index: number) => files[fileOf[index]!]!
  return {
    classes,
    labels: Int32Array.from(table.classOf, (at) => label[at]!),
    length: names.length,
    name: (index) => `${path(index)}/${names[index]}`,
    read: async (index) => ({ path: path(index), offset: offsets[index]!, length: lengths[index]! }),
  }
}

/** Columns: a million objects would take many times the memory. */
interface Table {
  layout?: TarLayout
  /** Class names, by number. */
  found: Map<string, number>
  names: string[]
  classOf: number[]
  fileOf: number[]
  offsets: number[]
  lengths: number[]
}

function newTable(): Table {
  return { found: new Map(), names: [], classOf: [], fileOf: [], offsets: [], lengths: [] }
}

function add(table: Table, file: number, path: string, { layout, pictures }: LabelledTar): void {
  if (pictures.length === 0) return
  table.layout ??= layout
  if (layout !== table.layout) {
    throw new DatasetError(`${path} tells classes by ${layout}, the files before it by ${table.layout}: take one kind`)
  }
  for (const { name, className, offset, length } of pictures) {
    if (!table.found.has(className)) table.found.set(className, table.found.size)
    table.classOf.push(table.found.get(className)!)
    table.fileOf.push(file)
    table.names.push(name)
    table.offsets.push(offset)
    table.lengths.push(length)
  }
}

/** Gives the classes, and the label of each one found. */
function numbered({ layout, found }: Table, given: readonly string[] | undefined, where: string) {
  const names = [...found.keys()]
  if (layout === 'files .cls') {
    const most = Math.max(...names.map(Number))
    const classes = given ?? Array.from({ length: most + 1 }, (_, label) => String(label))
    if (most < classes.length) return { classes, label: names.map(Number) }
    throw new DatasetError(`a file .cls in ${where} says class ${most}, but there are ${classes.length}`)
  }
  const sorted = sortByBytes(names)
  const { classes, labels } = labelClasses(sorted, given, where)
  return { classes, label: names.map((name) => labels[sorted.indexOf(name)]!) }
}
