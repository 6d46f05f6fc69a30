import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import headers from 'node-api-headers'
import { cacheFolder, workFolder } from './cache'
import { findCommand, lastLine, run } from './command'
import { LibtensorflowError } from './errors'
import type { Places } from './places'
import type { TfjsPackage } from './project'

/**
 * Compiles the package's addon against TensorFlow and puts it into its place.
 *
 * The addon speaks Node-API only, whose binary interface is the same in every Node: npm's node-api-headers serve them all, and what
 * was compiled under Node 20 loads in 22 and 24.
 */
export async function compileAddon(tfjs: TfjsPackage, { libraries, addon }: Places): Promise<void> {
  const compiler = findCompiler()
  const work = workFolder(cacheFolder())
  try {
    mkdirSync(work, { recursive: true })
    const built = join(work, 'tfjs_binding.node')
    const result = await run(compiler, flags(tfjs, libraries, built))
    if (!result.ok)
      throw new LibtensorflowError(
        `${compiler} cannot compile the addon of ${tfjs.name} ${tfjs.version}: ${firstError(result.complaint)}`,
      )
    await tryToLoad(built, libraries)
    mkdirSync(dirname(addon), { recursive: true })
    renameSync(built, addon)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Finds the user's C++ compiler: CXX, else g++ and its like. */
export function findCompiler(): string {
  const found = process.env.CXX ? findCommand(process.env.CXX) : findCommand('g++', 'c++', 'clang++')
  if (found) return found
  throw new LibtensorflowError(
    'No C++ compiler is on PATH (g++, c++, clang++, or the one named in CXX), and the addon has to be compiled: install one (Debian: apt-get install g++).',
  )
}

function flags(tfjs: TfjsPackage, libraries: string, output: string): string[] {
  const include = [headers.include_dir, join(libraries, 'include')].flatMap((folder) => ['-isystem', folder])
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(tfjs.folder, 'binding', file))
  const missing = sources.find((file) => !existsSync(file))
  if (missing) throw new LibtensorflowError(`${missing} is not there: reinstall ${tfjs.name}.`)
  return [
    ...['-shared', '-fPIC', '-O2', '-std=c++17', `-DNAPI_VERSION=${tfjs.napi}`, ...include, ...sources],
    ...['-o', output, `-L${libraries}`, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
    // From the addon's place in the cache; the second serves Node's --preserve-symlinks, which sees the link inside tfjs-node.
    '-Wl,-rpath,$ORIGIN/../../tensorflow:$ORIGIN/../../deps/lib',
  ]
}

async function tryToLoad(addon: string, libraries: string): Promise<void> {
  const script = 'process.dlopen({ exports: {} }, process.argv[1])'
  const env = { ...process.env, LD_LIBRARY_PATH: libraries, TF_CPP_MIN_LOG_LEVEL: '2' }
  const result = await run(process.execPath, ['-e', script, addon], { env })
  if (result.ok) return
  const reason = /^Error: (.*)$/m.exec(result.complaint)?.[1] ?? lastLine(result.complaint)
  throw new LibtensorflowError(`Node ${process.version} cannot load the compiled addon: ${reason}`)
}

function firstError(complaint: string): string {
  return complaint.split('\n').find((line) => /error/i.test(line)) ?? lastLine(complaint)
}
