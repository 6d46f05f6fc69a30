import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { LibtensorflowError } from './errors'

export interface TfjsPackage {
  name: '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu'
  version: string
  folder: string
  /** The Node-API version that tfjs-node looks its addon up by. */
  napi: number
}

/** Finds tfjs-node, or tfjs-node-gpu, the way the project's own code would. */
export function findPackage(dir: string, gpu: boolean): TfjsPackage | undefined {
  const name = gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node'
  let manifest: string
  try {
    manifest = createRequire(join(resolve(dir), 'package.json')).resolve(`${name}/package.json`)
  } catch {
    return undefined
  }
  const { version, binary } = JSON.parse(readFileSync(manifest, 'utf8'))
  const supported = (binary.napi_versions as number[]).filter((napi) => napi <= Number(process.versions.napi))
  return { name, version, folder: dirname(manifest), napi: Math.max(...supported) }
}

/** Finds the package or says what to do. */
export function requirePackage(dir: string, gpu: boolean): TfjsPackage {
  if (!existsSync(dir) || !statSync(dir).isDirectory()) throw new RangeError(`dir must be a folder, got ${dir}`)
  const found = findPackage(dir, gpu)
  if (found) return found
  const name = `@tensorflow/tfjs-node${gpu ? '-gpu' : ''}`
  throw new LibtensorflowError(
    `${name} is not installed in ${resolve(dir)}: run npm install --ignore-scripts ${name} there first.`,
  )
}
