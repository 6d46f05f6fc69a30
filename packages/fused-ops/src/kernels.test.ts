import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const source = fileURLToPath(new URL('../native/kernels_test.cc', import.meta.url))
const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all']

test('native/kernels_test.cc finds the kernels right in every version, and the sanitizers nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fused-ops-'))
  try {
    const program = join(folder, 'kernels_test')
    const flags = ['-std=c++17', '-O1', '-pthread', '-Wall', '-Wextra', '-Werror', ...sanitizers]
    execFileSync(process.env.CXX || 'g++', [...flags, source, '-o', program])
    // The last word comes after the names of the versions that this processor can run.
    expect(execFileSync(program, { encoding: 'utf8' })).toMatch(/^portable .*right\n$/)
  } finally {
    rmSync(folder, { recursive: true })
  }
}, 600_000)
