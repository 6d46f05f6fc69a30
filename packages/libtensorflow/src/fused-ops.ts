import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { compilerIdentity } from './compiler'
import { thisMachine } from './machine'
import { lookUp } from './project'

export interface FusedOps {
  /** Folder with the C++ sources of @bag-of-tricks/fused-ops. */
  sources: string
  /** Where their compiled library lies beside the TensorFlow it was compiled against. */
  library: string
  /** Where a compiler's refusal is remembered. */
  refusal: string
}

/** What goes on where they are missing; measured in the README of @bag-of-tricks/fused-ops. */
export const without = "training goes on with TensorFlow's own ops, whose batch norm takes twice as long"

/**
 * Says where the fused ops compiled from `sources` lie beside the TensorFlow in `libraries`.
 *
 * @example
 * fusedOpsOf(native, '/home/me/.cache/bag-of-tricks/libtensorflow/2.21.0-cpu/tensorflow').library
 */
export function fusedOpsOf(sources: string, libraries: string): FusedOps {
  const hash = createHash('sha256')
  for (const file of sourceFiles(sources)) hash.update(`${file}\n${readFileSync(join(sources, file), 'utf8')}`)
  // As with the addon, a home shared by two systems keeps one for each.
  const key = `${hash.digest('hex').slice(0, 16)}-glibc${thisMachine().glibc}`
  const folder = join(dirname(libraries), 'ops', key)
  return { sources, library: join(folder, 'fused_ops.node'), refusal: join(folder, 'refusal.txt') }
}

/** Finds the fused ops that the project's code would load: those of its own, else those of the packages that stand on them. */
export function findFusedOps(dir: string, libraries: string): FusedOps | undefined {
  const [ops, gradients, autocast] = ['fused-ops', 'fast-gradients', 'autocast'].map((name) => `@bag-of-tricks/${name}`)
  for (const way of [[ops], [gradients, ops], [autocast, gradients, ops]]) {
    const folder = way.reduce<string | undefined>((at, name) => at && lookUp(name!, at), resolve(dir))
    if (folder) return fusedOpsOf(join(folder, 'native'), libraries)
  }
  return undefined
}

/**
 * Returns what the compiler said when it refused the fused ops; undefined where it never did.
 *
 * @example
 * refusalOf(fusedOpsOf(native, libraries))
 */
export function refusalOf({ refusal }: Pick<FusedOps, 'refusal'>): { compiler: string; reason: string } | undefined {
  if (!existsSync(refusal)) return undefined
  const [compiler = '', ...reason] = readFileSync(refusal, 'utf8').trimEnd().split('\n')
  return { compiler, reason: reason.join('\n') }
}

/** Tells whether compiling would bring nothing new: they are compiled, or this very compiler has refused them. */
export function isSettled(ops: FusedOps): boolean {
  return existsSync(ops.library) || refusalOf(ops)?.compiler === compilerIdentity()
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => /\.(h|cc)$/.test(file) && !file.endsWith('_test.cc'))
    .sort()
}
