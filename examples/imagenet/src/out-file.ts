import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { UsageError } from './errors'

/** Refuses a file that cannot be written, before hours go into what it is to hold. */
export function checkOutFile(file: string, flag: string): void {
  checkParent(file, flag)
  if (existsSync(file) && statSync(file).isDirectory()) throw new UsageError(`${flag}: ${file} is a folder`)
}

/** Refuses a place in a folder that is not there or takes no files. */
export function checkParent(path: string, flag: string): void {
  const folder = dirname(resolve(path))
  if (!existsSync(folder)) throw new UsageError(`${flag}: there is no folder ${folder}`)
  try {
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw new UsageError(`${flag}: ${folder} cannot be written (${(error as NodeJS.ErrnoException).code})`)
  }
}
