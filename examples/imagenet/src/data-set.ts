import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type ImageSource, imageFolder, imageTar, preparedShards } from '@bag-of-tricks/image-dataset'
import { UsageError } from './errors'

/** One set of pictures, in whatever form. */
export interface DataSet {
  source: ImageSource
  /** Pixels of the short side, where the pictures are prepared ones: training on them is another training. */
  prepared?: number
}

/** The words that the names of tar files of each part have in them, as in `imagenet1k-train-0000.tar`. */
const words = { train: ['train'], held: ['val', 'validation', 'test'] } as const

/** The part of a data folder that a flag names, or the one that is called like it. Several paths are tar files. */
export function findSet(
  data: string,
  flag: string | undefined,
  part: keyof typeof words,
): string | string[] | undefined {
  if (flag !== undefined) return flag.includes('*') ? matching(data, flag) : join(data, flag)
  const folder = words[part].map((word) => join(data, word)).find((path) => existsSync(path))
  if (folder !== undefined) return folder
  const called = new RegExp(`(^|[^a-z])(${words[part].join('|')})([^a-z]|$)`, 'i')
  const tars = tarFiles(data).filter((path) => called.test(basename(path)))
  return tars.length > 0 ? tars : undefined
}

/** Opens class folders, tar files, or what `imagenet prepare` wrote. */
export async function openSet(where: string | string[], classes?: readonly string[]): Promise<DataSet> {
  if (Array.isArray(where)) return { source: await imageTar(where, { classes }) }
  if (existsSync(join(where, 'dataset.json'))) {
    const source = await preparedShards(where, { classes })
    return { source, prepared: source.size }
  }
  if (where.endsWith('.tar')) return { source: await imageTar(where, { classes }) }
  const tars = tarFiles(where)
  return { source: await (tars.length > 0 ? imageTar(tars, { classes }) : imageFolder(where, { classes })) }
}

function matching(data: string, pattern: string): string[] {
  const [before, after] = pattern.split('*', 2) as [string, string]
  const paths = tarFiles(data).filter((path) => basename(path).startsWith(before) && path.endsWith(after))
  if (paths.length > 0) return paths
  throw new UsageError(`${data} has no tar file ${pattern}`)
}

function tarFiles(folder: string): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.tar'))
    .map((name) => join(folder, name))
}
