import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** A tensor in the addon's TFE_Context, freed by the garbage collector. */
export type Handle = { readonly handle: unique symbol }

/** What addon.cc exports; dtypes are TensorFlow's numbers. */
export interface Addon {
  opDef(type: string): ArrayBuffer
  addFunction(name: string, graphDef: Uint8Array, inputs: string[], outputs: string[]): void
  upload(dtype: number, shape: readonly number[], bytes: Uint8Array): Handle
  call(name: string, tensors: readonly Handle[], results: number, compile: boolean): Handle[]
  read(tensor: Handle): ArrayBuffer
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const require = createRequire(import.meta.url)
// The headers that libtensorflow compiles tfjs-node's addon with.
const headers: { include_dir: string } = createRequire(here('../../packages/libtensorflow/package.json'))(
  'node-api-headers',
)

/** Compiles the addon against the TensorFlow that tfjs-node is linked to, once for each state of both, and loads it. */
export async function loadAddon(): Promise<Addon> {
  const libraries = realpathSync(here('../../node_modules/@tensorflow/tfjs-node/deps/lib'))
  const sources = ['addon.cc', 'value.h'].map((file) => readFileSync(here(file), 'utf8'))
  const key = createHash('sha256')
    .update([libraries, ...sources].join('\0'))
    .digest('hex')
    .slice(0, 16)
  const addon = here(`dist/addon-${key}.node`)
  if (!existsSync(addon)) {
    mkdirSync(here('dist'), { recursive: true })
    const unfinished = `${addon}.${process.pid}`
    await promisify(execFile)(process.env.CXX ?? 'g++', flags(libraries, unfinished))
    renameSync(unfinished, addon)
  }
  return require(addon) as Addon
}

function flags(libraries: string, output: string): string[] {
  return [
    ...['-shared', '-fPIC', '-O2', '-std=c++17', '-Wall', '-Wextra', '-DNAPI_VERSION=8'],
    ...['-isystem', headers.include_dir, '-isystem', `${libraries}/include`, here('addon.cc'), '-o', output],
    // The very file that tfjs-node links: a second TensorFlow in the process would register every op twice.
    ...[`-L${libraries}`, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2', `-Wl,-rpath,${libraries}`],
  ]
}
