import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { UsageError } from './errors'
import { isRunning, type LockOwner, readOwner, thisProcess } from './lock-owner'

/** Makes a lock file that names this process; refuses, by the name of `what` is locked, where another one holds it. */
export function acquireLock(path: string, what: string): void {
  while (!create(path, mine())) {
    const held = read(path)
    // Undefined: it was let go in between.
    if (held !== undefined && takeOver(held, { path, what })) return
  }
}

/**
 * Replaces the lock of a dead process.
 *
 * The right to do so is a lock too, that of one process among several that see the dead one; it is moved to the place.
 */
function takeOver(held: string, { path, what }: { path: string; what: string }): boolean {
  const { pid, start } = refuseUnlessDead(held, { path, what })
  const claim = `${path}.${pid}.${start}`
  acquireLock(claim, what)
  // Somebody may have done all that before.
  const isThere = read(path) === held
  if (isThere) renameSync(claim, path)
  else rmSync(claim)
  return isThere
}

/** Removes the lock of this process. One that cannot be removed will be that of a dead process soon. */
export function releaseLock(path: string): void {
  try {
    if (read(path) === mine()) rmSync(path)
  } catch {}
}

function mine(): string {
  return JSON.stringify(thisProcess())
}

function refuseUnlessDead(held: string, { path, what }: { path: string; what: string }): LockOwner {
  const owner = readOwner(held)
  if (!owner) throw new UsageError(`${path} names no process: if none trains into ${what}, delete that file`)
  const { pid, host } = owner
  if (host !== thisProcess().host) {
    throw new UsageError(`${what} is in use by process ${pid} on ${host}: if that run is over, delete ${path}`)
  }
  if (isRunning(owner)) {
    throw new UsageError(
      `${what} is in use: process ${pid} trains into it; wait for it, or name another folder by --out`,
    )
  }
  return owner
}

/** Gives whether there was no such file before. */
function create(path: string, content: string): boolean {
  try {
    const descriptor = openSync(path, 'wx')
    try {
      writeFileSync(descriptor, content)
      fsyncSync(descriptor)
      return true
    } catch (error) {
      rmSync(path)
      throw error
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    throw new UsageError(`--out: ${path} cannot be written (${code})`)
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
