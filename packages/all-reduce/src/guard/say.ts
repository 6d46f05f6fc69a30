import { writeSync } from 'node:fs'

/** Writes a sentence to the launcher's error output, at once: the process may have no later. */
export function say(sentence: string): void {
  try {
    writeSync(2, `all-reduce: ${sentence}\n`)
  } catch {
    // The launcher reads no more.
  }
}
