import { mkdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { cacheFolder, workFolder } from './cache'
import { findCommand, lastLine, run } from './command'
import { LibtensorflowError } from './errors'

/** Compiles a library against TensorFlow in a work folder, tries whether Node loads it, and renames it into its place. */
export async function compileLibrary(
  compiler: string,
  { what, place, libraries }: { what: string; place: string; libraries: string },
  flags: string[],
): Promise<void> {
  const work = workFolder(cacheFolder())
  try {
    mkdirSync(work, { recursive: true })
    const built = join(work, basename(place))
    // From its place in the cache; the second serves Node's --preserve-symlinks, which sees the link inside tfjs-node.
    const linking = [`-L${libraries}`, '-Wl,-rpath,$ORIGIN/../../tensorflow:$ORIGIN/../../deps/lib', '-o', built]
    const result = await run(compiler, ['-shared', '-fPIC', '-std=c++17', ...flags, ...linking])
    if (!result.ok) throw new LibtensorflowError(`${compiler} cannot compile ${what}: ${firstError(result.complaint)}`)
    await tryToLoad(what, built, libraries)
    mkdirSync(dirname(place), { recursive: true })
    renameSync(built, place)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Finds the user's C++ compiler: CXX, else g++ and its like. */
export function findCompiler(): string {
  const found = lookForCompiler()
  if (found) return found
  throw new LibtensorflowError(
    'No C++ compiler is on PATH (g++, c++, clang++, or the one named in CXX), and there is C++ to compile: install one (Debian: apt-get install g++).',
  )
}

/** Names the compiler and the moment it was installed, without running it: what failed with one may work with another. */
export function compilerIdentity(): string {
  const found = lookForCompiler()
  if (!found) return 'no compiler'
  const file = realpathSync(found)
  return `${file} of ${statSync(file).mtime.toISOString()}`
}

function lookForCompiler(): string | undefined {
  return process.env.CXX ? findCommand(process.env.CXX) : findCommand('g++', 'c++', 'clang++')
}

async function tryToLoad(what: string, library: string, libraries: string): Promise<void> {
  const script = 'process.dlopen({ exports: {} }, process.argv[1], os.constants.dlopen.RTLD_NOW)'
  const env = { ...process.env, LD_LIBRARY_PATH: libraries, TF_CPP_MIN_LOG_LEVEL: '2' }
  const result = await run(process.execPath, ['-e', script, library], { env })
  if (result.ok) return
  const reason = /^Error: (.*)$/m.exec(result.complaint)?.[1] ?? lastLine(result.complaint)
  throw new LibtensorflowError(`Node ${process.version} cannot load ${what} as compiled: ${reason}`)
}

function firstError(complaint: string): string {
  return complaint.split('\n').find((line) => /error/i.test(line)) ?? lastLine(complaint)
}
