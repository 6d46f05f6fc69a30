import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { UsageError } from '../errors'
import { checkParent } from '../out-file'

/** Refuses a folder that holds something: what is there is not this program's to replace. */
export function checkOutFolder(folder: string, flag: string): void {
  checkParent(folder, flag)
  if (!existsSync(folder)) return
  if (!statSync(folder).isDirectory()) throw new UsageError(`${flag}: ${folder} is a file`)
  if (readdirSync(folder).length > 0) throw new UsageError(`${flag}: ${folder} is not empty: name a new folder`)
}

/** Fills a folder: it is there whole, or, after an error, not at all. */
export async function writeFolder<T>(folder: string, fill: (unfinished: string) => Promise<T>): Promise<T> {
  const unfinished = join(dirname(resolve(folder)), `.${basename(resolve(folder))}.${process.pid}.tmp`)
  try {
    mkdirSync(unfinished)
    const result = await fill(unfinished)
    renameSync(unfinished, folder)
    return result
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}
