import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fusedOpsOf, refusalOf } from '@bag-of-tricks/libtensorflow'
import { mappedTensorflow } from './mapped-tensorflow'

export type LoadResult = { loaded: true } | { loaded: false; reason: string }

/** For the process: it has one TensorFlow, whose registry takes each op once. */
let loaded = false

/**
 * Loads the fused ops into the TensorFlow that this process runs, once however often it is called.
 *
 * Afterwards `tf.backend().binding.executeOp('BagOfTricksBatchNorm', …)` and its like work. Where the ops were not compiled, or
 * belong to another TensorFlow, it says why: callers go on with TensorFlow's own.
 *
 * @param tf `@tensorflow/tfjs-node` or `@tensorflow/tfjs-node-gpu`; another backend in use is an error naming it.
 *
 * @example
 * loadFusedOps(tf) // => { loaded: true }
 */
export function loadFusedOps(tf: { getBackend(): string }): LoadResult {
  const backend = tf.getBackend()
  if (backend !== 'tensorflow') {
    throw new Error(
      `loadFusedOps: needs the backend 'tensorflow' of @tensorflow/tfjs-node or tfjs-node-gpu, got '${backend}'`,
    )
  }
  if (loaded) return { loaded }
  const libraries = mappedTensorflow()
  if (!libraries) return { loaded: false, reason: 'no libtensorflow_framework.so.2 is mapped into this process' }
  const ops = fusedOpsOf(sources(), libraries)
  if (!existsSync(ops.library)) {
    const refused = refusalOf(ops)
    const reason = refused
      ? `the fused ops could not be compiled: ${refused.reason}`
      : `the fused ops are not compiled for the TensorFlow in ${libraries}: npx @bag-of-tricks/libtensorflow install`
    return { loaded: false, reason }
  }
  process.dlopen({ exports: {} }, ops.library)
  loaded = true
  return { loaded }
}

/** Beside `src` and `dist` alike. CommonJS has no `import.meta.url`. */
function sources(): string {
  const file = import.meta.url ? fileURLToPath(import.meta.url) : __filename
  return join(dirname(file), '..', 'native')
}
