import { readSync, writeSync } from 'node:fs'

/** What a worker is at. */
export interface Progress {
  /** When it began, in milliseconds since 1970; 0 while it has nothing to do. */
  since: number
  /** The job and the place in it; -1 while the worker starts. */
  job: number
  place: number
}

const bytes = 24

/** Bytes at the beginning of the shared memory that say what each worker is at. */
export function progressBytes(workers: number): number {
  return workers * bytes
}

/**
 * Tells what a worker is at, without its help: it may be dead or stuck, and it goes on while whoever waits for it is busy.
 */
export function readProgress(file: number, worker: number): Progress {
  const [since, job, place] = read(file, worker)
  return { since: since!, job: job!, place: place! }
}

export function writeProgress(file: number, worker: number, { since, job, place }: Progress): void {
  writeSync(file, Float64Array.of(since, job, place), 0, bytes, worker * bytes)
}

function read(file: number, worker: number): Float64Array {
  const numbers = new Float64Array(3)
  readSync(file, numbers, 0, bytes, worker * bytes)
  return numbers
}
