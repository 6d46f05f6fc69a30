import { existsSync } from 'node:fs'
import { join } from 'node:path'
import headers from 'node-api-headers'
import { compileLibrary, findCompiler } from './compiler'
import { LibtensorflowError } from './errors'
import type { Places } from './places'
import type { TfjsPackage } from './project'
import { signals } from './signals'

/**
 * Compiles the package's addon against TensorFlow, what keeps signals away from TensorFlow's threads with it, and puts it into its place.
 *
 * The addon speaks Node-API only, whose binary interface is the same in every Node: npm's node-api-headers serve them all, and what
 * was compiled under Node 20 loads in 22 and 24.
 */
export async function compileAddon(tfjs: TfjsPackage, { libraries, addon }: Places): Promise<void> {
  const compiler = findCompiler()
  const include = [headers.include_dir, join(libraries, 'include')].flatMap((folder) => ['-isystem', folder])
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(tfjs.folder, 'binding', file))
  const missing = sources.find((file) => !existsSync(file))
  if (missing) throw new LibtensorflowError(`${missing} is not there: reinstall ${tfjs.name}.`)
  const what = `the addon of ${tfjs.name} ${tfjs.version}`
  await compileLibrary(compiler, { what, place: addon, libraries }, [
    ...['-O2', `-DNAPI_VERSION=${tfjs.napi}`, ...include, ...sources, signals()],
    // A worker thread of Node that ends must not take the code of threads along that go on.
    '-Wl,-z,nodelete',
    ...['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
  ])
}
