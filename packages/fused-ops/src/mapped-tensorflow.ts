import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Returns the folder of the TensorFlow that this process has loaded.
 *
 * Its own list of mapped files tells what no configuration can: custom ops have to be those of this very file.
 */
export function mappedTensorflow(maps = readMaps()): string | undefined {
  // 7f3c14200000-7f3c14b00000 r--p 00000000 fe:00 1234  /folder/libtensorflow_framework.so.2
  const [, file] = /^\S+ \S+ \S+ \S+ \S+ +(\/.*\/libtensorflow_framework\.so\.2)$/m.exec(maps) ?? []
  return file && dirname(file)
}

function readMaps(): string {
  try {
    return readFileSync('/proc/self/maps', 'utf8')
  } catch {
    // No Linux, and so no TensorFlow that the ops were compiled for.
    return ''
  }
}
