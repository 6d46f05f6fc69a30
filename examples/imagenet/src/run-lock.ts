import { constants } from 'node:os'
import { join } from 'node:path'
import { acquireLock, releaseLock } from './lock-file'
import { createRunFolder, files } from './run-folder'

/**
 * Does `work` while no other process can train into the folder, which is made where it is missing.
 *
 * The lock goes with the process, but for one that is killed or loses its power: the next one on this host finds that it is dead
 * and takes the lock over. Of a process on another host nothing can be known: it is taken to be alive.
 */
export async function withRunLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  createRunFolder(folder)
  const path = join(folder, files.lock)
  const release = () => releaseLock(path)
  process.on('exit', release)
  process.on('SIGINT', exit).on('SIGTERM', exit)
  try {
    acquireLock(path, folder)
    return await work()
  } finally {
    process.off('SIGINT', exit).off('SIGTERM', exit)
    process.off('exit', release)
    release()
  }
}

/** A signal that nobody listens to ends a process without the event `exit`. */
function exit(signal: 'SIGINT' | 'SIGTERM'): void {
  if (process.listeners(signal).every((listener) => listener === exit)) process.exit(128 + constants.signals[signal])
}
