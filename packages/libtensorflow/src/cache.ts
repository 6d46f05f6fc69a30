import { readdirSync, rmSync, statfsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { LibtensorflowError } from './errors'
import { isAlive, self } from './owner'

const name = join('bag-of-tricks', 'libtensorflow')

/** Returns the folder that all projects of this user share: `$XDG_CACHE_HOME/bag-of-tricks/libtensorflow`. */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME = '' } = process.env
  // The XDG base directory specification has relative paths ignored.
  return join(isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache'), name)
}

/** Tells whether a path lies in such a folder, of this user or an earlier XDG_CACHE_HOME. */
export function isInCache(path: string): boolean {
  return path.includes(`/${name}/`)
}

/** Names a folder to work in, on the file system of the cache: only what is whole is renamed into place. */
export function workFolder(cache: string): string {
  return join(cache, `work-${self()}-${Math.random().toString(36).slice(2)}`)
}

/** Removes what killed installations left behind; what resists, for the next time. */
export function sweep(cache: string): void {
  for (const entry of readdirSync(cache)) {
    const [, owner] = /^work-(\d+\.\d+)-/.exec(entry) ?? []
    if (!owner || isAlive(owner)) continue
    try {
      rmSync(join(cache, entry), { recursive: true, force: true })
    } catch {
      // A Python that outlived its parent may still be writing there.
    }
  }
}

/** Refuses to begin what cannot end. */
export function checkSpace(folder: string, needed: number, free: (folder: string) => number = freeBytes): void {
  const room = free(folder)
  if (room >= needed) return
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`
  throw new LibtensorflowError(
    `${folder} has ${gigabytes(room)} free and TensorFlow needs ${gigabytes(needed)}: make room, or set XDG_CACHE_HOME to a larger disk.`,
  )
}

/** Returns the free bytes of the file system that holds, or would hold, `folder`. */
export function freeBytes(folder: string): number {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { bavail, bsize } = statfsSync(at)
      return bavail * bsize
    } catch (error) {
      if (at === dirname(at)) throw error
    }
  }
}
