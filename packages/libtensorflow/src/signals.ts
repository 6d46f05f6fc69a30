import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Returns the C++ source that keeps signals away from the threads that compute; what it is good for stands there. */
export function signals(): string {
  // Beside `src` and `dist` alike. CommonJS has no `import.meta.url`.
  const file = import.meta.url ? fileURLToPath(import.meta.url) : __filename
  return join(dirname(file), '..', 'native', 'signals.cc')
}
