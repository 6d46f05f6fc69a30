import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The program of a worker: beside this file and of its kind, be that ESM, CommonJS or TypeScript. */
export function workerFile(): string {
  // CommonJS has no `import.meta.url`.
  const here = import.meta.url ? fileURLToPath(import.meta.url) : __filename
  return join(dirname(here), `worker${extname(here)}`)
}
