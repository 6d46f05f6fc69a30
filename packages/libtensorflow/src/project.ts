import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { LibtensorflowError } from './errors'

export interface TfjsPackage {
  name: '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu'
  version: string
  gpu: boolean
  folder: string
  /** The Node-API version that tfjs-node looks its addon up by. */
  napi: number
}

/** Finds the tfjs-node, or tfjs-node-gpu, that the project's own code would load. */
export function findPackage(dir: string, gpu: boolean): TfjsPackage | undefined {
  const name = gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node'
  const folder = lookUp(name, resolve(dir))
  if (!folder) return undefined
  const { version, binary } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const supported = (binary.napi_versions as number[]).filter((napi) => napi <= Number(process.versions.napi))
  return { name, version, gpu, folder, napi: Math.max(...supported) }
}

/** Finds the package or says what to do. */
export function requirePackage(dir: string, gpu: boolean): TfjsPackage {
  requireFolder(dir)
  const found = findPackage(dir, gpu)
  if (found) return found
  const name = `@tensorflow/tfjs-node${gpu ? '-gpu' : ''}`
  throw new LibtensorflowError(
    `${name} is not installed in ${resolve(dir)}: run npm install --ignore-scripts ${name} there first.`,
  )
}

/** Refuses a path that is no folder. */
export function requireFolder(dir: string): void {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) throw new RangeError(`dir must be a folder, got ${dir}`)
}

/**
 * Finds a package as `import` in `dir` would: itself by its own name, else in the folders above.
 *
 * `require` would also follow NODE_PATH, which pnpm's shims set to their own ends.
 */
export function lookUp(name: string, dir: string): string | undefined {
  const manifest = join(dir, 'package.json')
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === name) return realpathSync(dir)
  const folder = join(dir, 'node_modules', name)
  if (existsSync(join(folder, 'package.json'))) return realpathSync(folder)
  return dir === dirname(dir) ? undefined : lookUp(name, dirname(dir))
}
