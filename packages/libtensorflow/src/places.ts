import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from './cache'
import { type Machine, thisMachine } from './machine'
import type { TfjsPackage } from './project'
import { signals } from './signals'

export interface Places {
  /** Folder with libtensorflow_cc.so.2, libtensorflow_framework.so.2 and include/. */
  libraries: string
  /** The compiled addon of tfjs-node. */
  addon: string
}

/** Returns where in the cache a package finds its TensorFlow and its addon. */
export function placesOf(tfjs: TfjsPackage, tensorflow: string, machine: Machine = thisMachine()): Places {
  const entry = join(cacheFolder(), `${tensorflow}-${tfjs.gpu ? 'gpu' : 'cpu'}`)
  const addon = join(entry, 'addons', addonKey(tfjs, machine), 'tfjs_binding.node')
  return { libraries: join(entry, 'tensorflow'), addon }
}

/** Names what a package's addon is compiled from, and for which glibc: a home shared by two systems keeps one for each. */
export function addonKey({ name, version, napi }: TfjsPackage, { glibc }: Machine = thisMachine()): string {
  const own = createHash('sha256').update(readFileSync(signals())).digest('hex').slice(0, 8)
  return `${name.slice('@tensorflow/'.length)}-${version}-napi${napi}-${own}-glibc${glibc}`
}
