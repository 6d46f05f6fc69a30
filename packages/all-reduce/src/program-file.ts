import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A program of this package: beside this file and of its kind, be that ESM, CommonJS or TypeScript. */
export function programFile(name: 'thread' | 'guard'): string {
  // CommonJS has no `import.meta.url`.
  const here = import.meta.url ? fileURLToPath(import.meta.url) : __filename
  return join(dirname(here), `${name}${extname(here)}`)
}
