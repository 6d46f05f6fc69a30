import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { frame, unframe } from './frame'

/** Files of other programs in the folder are left alone. */
const OWN = /^events\.out\.tfevents\.(\d+)\.train-log$/

/** TensorBoard reads whatever has `tfevents` in its name; this one it should not. */
const UNFINISHED = 'train-log.unfinished'

/** Gives the events of the newest file that was written here. */
export function readEventFile(dir: string): Buffer[] {
  const newest = ownFiles(dir).at(-1)
  return newest === undefined ? [] : [...unframe(readFileSync(join(dir, newest)))]
}

/**
 * Puts a new file in the place of those written before and gives its path.
 *
 * Killed at any moment, the folder holds the old file, or the new one, or both. A TensorBoard that follows the old file
 * goes on to the new one, for it comes later by name.
 */
export function replaceEventFile(dir: string, events: readonly Uint8Array[]): string {
  const old = ownFiles(dir)
  const newest = Number(OWN.exec(old.at(-1) ?? '')?.[1] ?? 0)
  const file = join(dir, `events.out.tfevents.${Math.max(Date.now(), newest + 1)}.train-log`)
  const unfinished = join(dir, UNFINISHED)
  writeWhole(unfinished, Buffer.concat(events.map(frame)))
  renameSync(unfinished, file)
  for (const name of old) rmSync(join(dir, name))
  return file
}

/** From the oldest to the newest: until the year 2286 the milliseconds in their names have 13 digits. */
function ownFiles(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => OWN.test(name))
    .sort()
}

/** On the disk, so that no loss of power leaves a name without its bytes. */
function writeWhole(file: string, bytes: Uint8Array): void {
  const descriptor = openSync(file, 'w')
  try {
    writeFileSync(descriptor, bytes)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
