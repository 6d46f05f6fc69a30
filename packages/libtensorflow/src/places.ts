import { join } from 'node:path'
import { cacheFolder } from './cache'
import { type Machine, thisMachine } from './machine'
import type { TfjsPackage } from './project'

export interface Places {
  /** Folder with libtensorflow_cc.so.2, libtensorflow_framework.so.2 and include/. */
  libraries: string
  /** The compiled addon of tfjs-node. */
  addon: string
}

/** Returns where in the cache a package finds its TensorFlow and its addon. */
export function placesOf(
  { name, version, napi, gpu }: TfjsPackage,
  tensorflow: string,
  { glibc }: Machine = thisMachine(),
): Places {
  const entry = join(cacheFolder(), `${tensorflow}-${gpu ? 'gpu' : 'cpu'}`)
  // An addon asks for the glibc it was compiled under: a home shared by two systems keeps one for each.
  const key = `${name.slice('@tensorflow/'.length)}-${version}-napi${napi}-glibc${glibc}`
  return { libraries: join(entry, 'tensorflow'), addon: join(entry, 'addons', key, 'tfjs_binding.node') }
}
