import { randomBytes } from 'node:crypto'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CheckpointError } from './checkpoint-error'

/** All of a file, or its pieces in order. */
export type FileContent = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/**
 * Writes a file so that at every moment, a loss of power included, the old or the new one is there, whole.
 *
 * A temporary file in the same folder is written and forced to the disk, then takes the name, then the folder is
 * forced to the disk too: without the last step the new name may be lost with the power. A writer that was killed
 * leaves a hidden `.NAME.PID.XXXXXXXX.tmp`, which the next write of NAME removes.
 *
 * @example
 * await writeFileAtomic('recipe.json', Buffer.from('{}'))
 */
export async function writeFileAtomic(file: string, content: FileContent): Promise<void> {
  const folder = dirname(file)
  const name = basename(file)
  const temporary = join(folder, `.${name}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`)
  try {
    await removeLeftovers(folder, (other) => other === name)
    await writeSynced(temporary, content)
    await rename(temporary, file)
    await syncFolder(folder)
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {})
    throw new CheckpointError(file, `cannot be written: ${(cause as Error).message}`, { cause })
  }
}

async function writeSynced(file: string, content: FileContent): Promise<void> {
  const handle = await open(file, 'wx')
  try {
    // Each call goes on where the last one ended.
    for await (const piece of content instanceof Uint8Array ? [content] : content) await handle.writeFile(piece)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Forces the names in a folder to the disk. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders; there the rename itself is all there is.
  if (process.platform === 'win32') return
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const temporaryName = /^\.(.+)\.(\d+)\.[0-9a-f]{8}\.tmp$/s

/** Removes what killed writers left of the files that are `ours`; what a running process writes stays. */
export async function removeLeftovers(folder: string, ours: (name: string) => boolean): Promise<void> {
  for (const entry of await readdir(folder)) {
    const [, name, pid] = temporaryName.exec(entry) ?? []
    const path = join(folder, entry)
    if (name !== undefined && ours(name) && (await isLeftover(path, Number(pid)))) await rm(path, { force: true })
  }
}

/** A file of a running process is being written, unless the process is this one and the file is older than it. */
async function isLeftover(path: string, pid: number): Promise<boolean> {
  if (pid !== process.pid) return !isRunning(pid)
  // In a container the killed process and its successor often have the same number.
  const started = Date.now() - process.uptime() * 1000
  return await stat(path).then(
    ({ mtimeMs }) => mtimeMs < started,
    () => false,
  )
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
