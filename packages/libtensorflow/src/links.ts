import { existsSync, lstatSync, mkdirSync, readlinkSync, renameSync, rmdirSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isInCache } from './cache'
import { self } from './owner'
import type { Places } from './places'
import type { TfjsPackage } from './project'
import { isWhole } from './tensorflow'

/** Tells whether the package's links lead to these places, and the places are there. */
export function isLinked(tfjs: TfjsPackage, places: Places): boolean {
  return (
    isWhole(places.libraries) &&
    links(tfjs, places).every(([link, target]) => readLink(link) === target && existsSync(target))
  )
}

/** Links the places into the package, each link in one step; what tfjs-node's own script put there is set aside. */
export function link(tfjs: TfjsPackage, places: Places): void {
  for (const [path, target] of links(tfjs, places)) {
    mkdirSync(dirname(path), { recursive: true })
    if (exists(path) && !isOurs(path)) {
      rmSync(stock(path), { recursive: true, force: true })
      renameSync(path, stock(path))
    }
    const next = `${path}.${self()}`
    rmSync(next, { force: true })
    symlinkSync(target, next)
    renameSync(next, path)
  }
}

/** Removes the links and puts back what was set aside; tells whether there was something to remove. */
export function unlink(tfjs: TfjsPackage): boolean {
  const ours = links(tfjs)
    .map(([path]) => path)
    .filter(isOurs)
  for (const path of ours) {
    rmSync(path)
    if (exists(stock(path))) renameSync(stock(path), path)
  }
  for (const folder of [`lib/napi-v${tfjs.napi}`, 'lib', 'deps']) removeIfEmpty(join(tfjs.folder, folder))
  return ours.length > 0
}

/** Returns where the package's addon link leads. */
export function linkedAddon(tfjs: TfjsPackage): string | undefined {
  const [[path]] = links(tfjs)
  return isOurs(path) ? readLink(path) : undefined
}

// The addon first: it finds its libraries in the cache by itself.
function links({ folder, napi }: TfjsPackage, { libraries, addon }: Places = { libraries: '', addon: '' }) {
  return [
    [join(folder, 'lib', `napi-v${napi}`, 'tfjs_binding.node'), addon],
    [join(folder, 'deps', 'lib'), libraries],
    [join(folder, 'deps', 'include'), join(libraries, 'include')],
  ] as const
}

const stock = (path: string) => `${path}.stock`
const isOurs = (path: string) => isInCache(readLink(path) ?? '')
const exists = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // Something else lies in it, or it is not there.
  }
}
