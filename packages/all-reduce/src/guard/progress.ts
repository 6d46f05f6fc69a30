import { openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Progress } from './watch'

/** Opens a file without a name, in which one process writes how far it is, and another reads it at any time. */
export function openProgress(): number {
  const path = join(tmpdir(), `all-reduce-${process.pid}-${Date.now()}`)
  const file = openSync(path, 'wx+', 0o600)
  unlinkSync(path)
  writeProgress(file, { begun: 0, ended: 0 })
  return file
}

/** Takes microseconds: it is called for each collective. */
export function writeProgress(file: number, { begun, ended }: Progress): void {
  writeSync(file, new Float64Array([begun, ended]), 0, 16, 0)
}

export function readProgress(file: number): Progress {
  const numbers = new Float64Array(2)
  readSync(file, numbers, 0, 16, 0)
  return { begun: numbers[0]!, ended: numbers[1]! }
}
