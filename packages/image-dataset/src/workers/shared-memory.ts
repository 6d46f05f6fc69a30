import { closeSync, existsSync, mkdtempSync, openSync, readSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Memory that several processes read and write. */
export interface SharedMemory {
  /** The file that stands for it: children inherit it. It has no name any more, so that a killed process leaves none. */
  readonly file: number
  /** Reserves a stretch; gives its offset. */
  take(bytes: number): number
  give(offset: number): void
  /** Copies from `offset` on until `into` is full. */
  read(offset: number, into: Uint8Array): void
  close(): void
}

/**
 * Opens shared memory that grows as needed: a file in /dev/shm, which is memory; in the folder for temporary files where
 * that is missing or has less than a gigabyte free (64 MB in a container by default).
 */
export function sharedMemory(): SharedMemory {
  const file = openUnnamed(freeBytes('/dev/shm') >= 2 ** 30 ? '/dev/shm' : tmpdir())
  /** Ends of the stretches in use, by offset. */
  const taken = new Map<number, number>()
  return {
    file,
    take(bytes) {
      let offset = 0
      for (const [start, end] of [...taken].sort(([a], [b]) => a - b)) {
        if (start - offset >= bytes) break
        offset = end
      }
      taken.set(offset, offset + bytes)
      return offset
    },
    give: (offset) => void taken.delete(offset),
    read(offset, into) {
      for (let done = 0; done < into.length; ) {
        const count = readSync(file, into, done, into.length - done, offset + done)
        // What nobody wrote is a hole.
        if (count === 0) return void into.fill(0, done)
        done += count
      }
    },
    close: () => closeSync(file),
  }
}

function openUnnamed(folder: string): number {
  const place = mkdtempSync(join(folder, 'image-dataset-'))
  try {
    return openSync(join(place, 'shared'), 'w+', 0o600)
  } finally {
    rmSync(place, { recursive: true })
  }
}

function freeBytes(folder: string): number {
  if (!existsSync(folder)) return 0
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
