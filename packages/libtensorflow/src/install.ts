import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compileAddon } from './addon'
import { cacheFolder, sweep } from './cache'
import { compileFusedOps } from './compile-ops'
import { explainFileErrors } from './errors'
import { findFusedOps, isSettled } from './fused-ops'
import { isLinked, link } from './links'
import { withLock } from './lock'
import { checkMachine, thisMachine } from './machine'
import { type Places, placesOf } from './places'
import { findPackage, requirePackage, type TfjsPackage } from './project'
import { fetchTensorflow, isWhole } from './tensorflow'
import { defaultVersion } from './wheels'

export interface InstallOptions {
  /** TensorFlow with CUDA for tfjs-node-gpu. @default false: without, for tfjs-node */
  gpu?: boolean
  /** A release of TensorFlow on PyPI. @default '2.21.0' */
  version?: string
  /** Folder of the project that uses tfjs-node. @default process.cwd() */
  dir?: string
  /** Called with each step taken. @default nothing is told */
  log?: (line: string) => void
}

export interface Installation extends Places {
  /** Release of TensorFlow. */
  version: string
  /** Package of the project that uses it. */
  package: TfjsPackage['name']
  /** Folder of that package. */
  folder: string
  /** False where everything was in place already. */
  changed: boolean
}

/**
 * Gives the project's tfjs-node a current TensorFlow.
 *
 * Takes the shared libraries and headers from TensorFlow's wheel through pip, keeps them in a cache that all projects of the user
 * share, compiles the addon of tfjs-node against them and links both into the project. Safe to call again, and from two processes
 * at once; a killed call leaves nothing that looks whole.
 *
 * @example
 * const { changed } = await installLibtensorflow({ log: console.log })
 */
export async function installLibtensorflow(options: InstallOptions = {}): Promise<Installation> {
  const { gpu = false, version = defaultVersion, dir = process.cwd(), log = () => {} } = options
  if (!/^\d+\.\d+\.\d+(rc\d+)?$/.test(version))
    throw new RangeError(`version must be like ${defaultVersion}, got ${version}`)
  const tfjs = requirePackage(dir, gpu)
  const places = placesOf(tfjs, version)
  const linked = isLinked(tfjs, places)
  if (!linked) {
    checkMachine(thisMachine())
    const cache = cacheFolder()
    await explainFileErrors(() => withLock(join(cache, 'lock'), log, () => prepare(tfjs, version, places, log)))
    log(`TensorFlow ${version} is linked into ${tfjs.folder}`)
  }
  const ops = findFusedOps(dir, places.libraries)
  const compiled = ops !== undefined && (await compileFusedOps(ops, places.libraries, log))
  return { version, package: tfjs.name, folder: tfjs.folder, ...places, changed: !linked || compiled }
}

/**
 * Tells whether `installLibtensorflow` with the same options would find everything in place.
 *
 * @example
 * isInstalled({ gpu: true })
 */
export function isInstalled({
  gpu = false,
  version = defaultVersion,
  dir = process.cwd(),
}: InstallOptions = {}): boolean {
  const tfjs = findPackage(dir, gpu)
  if (!tfjs) return false
  const places = placesOf(tfjs, version)
  const ops = findFusedOps(dir, places.libraries)
  return isLinked(tfjs, places) && (!ops || isSettled(ops))
}

async function prepare(tfjs: TfjsPackage, version: string, places: Places, log: (line: string) => void) {
  sweep(cacheFolder())
  if (!isWhole(places.libraries)) await fetchTensorflow(dirname(places.libraries), version, tfjs.gpu, log)
  if (!existsSync(places.addon)) {
    log(`compiling the addon of ${tfjs.name} ${tfjs.version}`)
    await compileAddon(tfjs, places)
  }
  link(tfjs, places)
}
