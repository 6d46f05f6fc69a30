import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const source = fileURLToPath(new URL('../native/kernels_test.cc', import.meta.url))

test.each([
  ['with the sanitizers', ['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all']],
  // Sanitizers keep a compiler from vectors.
  ['as libtensorflow compiles them', ['-O3', '-fno-math-errno', '-fno-trapping-math']],
])(
  'native/kernels_test.cc, compiled %s, finds the kernels right in every version',
  (_, how) => {
    const folder = mkdtempSync(join(tmpdir(), 'fused-ops-'))
    try {
      const program = join(folder, 'kernels_test')
      const flags = ['-std=c++17', '-pthread', '-Wall', '-Wextra', '-Werror', ...how]
      execFileSync(process.env.CXX || 'g++', [...flags, source, '-o', program])
      // The last word comes after the names of the versions that this processor can run.
      expect(execFileSync(program, { encoding: 'utf8' })).toMatch(/^portable .*right\n$/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
  600_000,
)
