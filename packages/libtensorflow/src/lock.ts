import { mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, self } from './owner'

/**
 * Runs `work` while no other process does, waiting for its turn.
 *
 * It saves double work; safety rests on renaming whole folders into place. So a process that cannot see the owner (another container
 * on one cache) may take the lock over without harm.
 */
export async function withLock<T>(path: string, log: (line: string) => void, work: () => Promise<T>): Promise<T> {
  let told = false
  while (!acquire(path)) {
    const owner = ownerOf(path)
    if (owner !== undefined && !isAlive(owner)) {
      takeAway(path, owner)
      continue
    }
    if (!told && owner) {
      log(`waiting for process ${owner.split('.')[0]}, which is installing`)
      told = true
    }
    await sleep(100)
  }
  try {
    return await work()
  } finally {
    if (ownerOf(path) === self()) rmSync(path, { force: true })
  }
}

// A symbolic link appears together with its content, which a file does not.
function acquire(path: string): boolean {
  mkdirSync(dirname(path), { recursive: true })
  try {
    symlinkSync(self(), path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/**
 * Removes the lock of a dead owner. Renaming decides who does it when two processes saw the same dead one: what the slower one
 * gets hold of is the other's new lock, which it puts back.
 */
function takeAway(path: string, dead: string): void {
  const aside = `${path}.${self()}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  if (ownerOf(aside) === dead) rmSync(aside)
  else renameSync(aside, path)
}

function ownerOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}
