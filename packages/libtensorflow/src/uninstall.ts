import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from './cache'
import { explainFileErrors } from './errors'
import { unlink } from './links'
import { withLock } from './lock'
import { findPackage, requireFolder } from './project'

export interface UninstallOptions {
  /** Folder of the project. @default process.cwd() */
  dir?: string
  /** Removes the cache too; other projects then have to install again. @default false */
  cache?: boolean
  /** Called with each step taken. @default nothing is told */
  log?: (line: string) => void
}

/**
 * Takes TensorFlow out of the project's tfjs-node and tfjs-node-gpu again, and puts back what their own scripts had installed.
 *
 * @example
 * await uninstallLibtensorflow({ cache: true })
 */
export async function uninstallLibtensorflow(options: UninstallOptions = {}): Promise<{ changed: boolean }> {
  const { dir = process.cwd(), cache = false, log = () => {} } = options
  requireFolder(dir)
  let changed = false
  const removed = (what: string) => {
    changed = true
    log(`removed ${what}`)
  }
  await explainFileErrors(async () => {
    for (const gpu of [false, true]) {
      const tfjs = findPackage(dir, gpu)
      if (tfjs && unlink(tfjs)) removed(`the links in ${tfjs.folder}`)
    }
    const folder = cacheFolder()
    if (!cache || !existsSync(folder)) return
    await withLock(join(folder, 'lock'), log, async () => rmSync(folder, { recursive: true, force: true }))
    removed(folder)
  })
  return { changed }
}
