import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '@bag-of-tricks/example-imagenet'

/** A line of `boxes.csv`. */
export interface ListedBox {
  /** Path below the data folder, `/` between its parts. */
  file: string
  /** Pixels of the first and last column and row that belong to the object, counted from 0. */
  pixels: { left: number; top: number; right: number; bottom: number }
  /** Where it stands, for messages. */
  where: string
}

/** Boxes to learn from, and boxes to judge by. */
export interface BoxList {
  train: ListedBox[]
  val: ListedBox[]
}

const listFile = 'boxes.csv'
const header = 'file,x0,y0,x1,y1'

/** Reads `boxes.csv` of a data folder: a picture below `train/` or `val/` and one box a line, as Tiny ImageNet has them. */
export function readBoxList(folder: string): BoxList {
  const path = join(folder, listFile)
  if (!existsSync(path)) throw new UsageError(`--data: ${folder} has no ${listFile}, with lines ${header}`)
  const boxes = parseBoxList(readFileSync(path, 'utf8'))
  const [train, val] = ['train', 'val'].map((part) => boxes.filter(({ file }) => file.startsWith(`${part}/`)))
  if (train!.length === 0 || val!.length === 0) {
    throw new UsageError(`--data: ${path} must list pictures below train/ and below val/`)
  }
  return { train: train!, val: val! }
}

export function parseBoxList(text: string): ListedBox[] {
  const [head, ...lines] = text.replace(/\r?\n$/, '').split(/\r?\n/)
  if (head !== header) throw new UsageError(`${listFile}, line 1: must be ${header}, got ${head}`)
  const boxes = lines.map((line, i) => parseLine(line, `${listFile}, line ${i + 2}`))
  checkOncePerPicture(boxes)
  return boxes
}

/** Two boxes would be two answers to one question. */
function checkOncePerPicture(boxes: readonly ListedBox[]): void {
  const seen = new Map<string, string>()
  for (const { file, where } of boxes) {
    const before = seen.get(file)
    if (before !== undefined) throw new UsageError(`${where}: ${file} has a box already, in ${before}`)
    seen.set(file, where)
  }
}

function parseLine(line: string, where: string): ListedBox {
  const [, file, ...sides] = /^((?:train|val)\/[^,]+),(\d+),(\d+),(\d+),(\d+)$/.exec(line) ?? []
  if (file === undefined) {
    throw new UsageError(`${where}: must be a path below train/ or val/ and four whole numbers, got ${line}`)
  }
  const [left, top, right, bottom] = sides.map(Number) as [number, number, number, number]
  // `train/../val/1.jpg` would be learnt from, and judged by.
  if (file.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    throw new UsageError(`${where}: a path must not have an empty part, . or .., got ${file}`)
  }
  if (right < left || bottom < top) throw new UsageError(`${where}: the box ends before it begins: ${line}`)
  return { file, pixels: { left, top, right, bottom }, where }
}
