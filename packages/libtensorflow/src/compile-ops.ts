import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cacheFolder } from './cache'
import { compileLibrary, compilerIdentity, findCompiler } from './compiler'
import { explainFileErrors, LibtensorflowError } from './errors'
import { type FusedOps, isSettled, without } from './fused-ops'
import { withLock } from './lock'

/**
 * Compiles the fused ops where that is still to be done, and tells whether it was.
 *
 * They make training faster and are not needed for it, so what goes wrong is told and not thrown.
 */
export async function compileFusedOps(ops: FusedOps, libraries: string, log: (line: string) => void): Promise<boolean> {
  if (isSettled(ops)) return false
  const compile = async () => {
    // The process waited for may have done it.
    if (isSettled(ops)) return
    log('compiling the fused ops')
    await compileOrRemember(ops, libraries)
  }
  try {
    await explainFileErrors(() => withLock(join(cacheFolder(), 'lock'), log, compile))
    return true
  } catch (error) {
    if (!(error instanceof LibtensorflowError)) throw error
    log(`${error.message} Without fused ops ${without}.`)
    return false
  }
}

async function compileOrRemember({ sources, library, refusal }: FusedOps, libraries: string): Promise<void> {
  const compiler = compilerIdentity()
  try {
    await compileLibrary(findCompiler(), { what: 'the fused ops', place: library, libraries }, [
      // Eigen lays out TensorFlow's memory by this number, which depends on the compiler's flags unless it is named.
      ...[
        '-O3',
        '-fno-math-errno',
        '-fno-trapping-math',
        '-DEIGEN_MAX_ALIGN_BYTES=64',
        '-isystem',
        join(libraries, 'include'),
      ],
      ...[join(sources, 'ops.cc'), '-l:libtensorflow_framework.so.2'],
    ])
    rmSync(refusal, { force: true })
  } catch (error) {
    if (error instanceof LibtensorflowError) {
      mkdirSync(dirname(refusal), { recursive: true })
      writeFileSync(refusal, `${compiler}\n${error.message}\n`)
    }
    throw error
  }
}
