import { appendFileSync, closeSync, fsyncSync, ftruncateSync, openSync } from 'node:fs'

/** A file that grows by whole records. */
export interface Appender {
  /** Hands a record to the system before it returns: a killed process loses none. */
  append(record: string | Uint8Array): void
  /** Forces what was appended to the disk. */
  sync(): void
  /** Twice is once. */
  close(): void
}

/**
 * Opens a file behind its whole records, which end at byte `end`; what is behind that is cut off.
 *
 * A record of which the disk takes a part only is cut off again, and the error thrown.
 */
export function appender(file: string, end: number): Appender {
  let size = end
  let descriptor: number | undefined = openSync(file, 'a')
  ftruncateSync(descriptor, size)

  function opened(): number {
    if (descriptor === undefined) throw new Error(`${file} is closed`)
    return descriptor
  }

  return {
    append(record) {
      const descriptor = opened()
      try {
        appendFileSync(descriptor, record)
        size += Buffer.byteLength(record)
      } catch (error) {
        // A full disk takes half a record; the next one must not be glued to it.
        ftruncateSync(descriptor, size)
        throw error
      }
    },
    sync: () => fsyncSync(opened()),
    close() {
      if (descriptor !== undefined) closeSync(descriptor)
      descriptor = undefined
    },
  }
}
