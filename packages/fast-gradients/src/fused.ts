import { loadFusedOps } from '@bag-of-tricks/fused-ops'
import type { NodeBackend } from './backend'
import type { TensorFlow } from './tensorflow'

/** Backends on which the fused ops are in use. */
const inUse = new WeakSet<object>()

/** What the ops of @bag-of-tricks/fused-ops do here. */
export type FusedOpsInUse = { fusedOps: true } | { fusedOps: false; reason: string }

/** Takes the fused ops into use where they can run and are wanted; says why not otherwise. */
export function useFusedOps(tf: Pick<TensorFlow, 'backend' | 'getBackend'>, wanted: boolean): FusedOpsInUse {
  const backend = tf.backend() as unknown as NodeBackend
  inUse.delete(backend)
  if (!wanted) return { fusedOps: false, reason: 'they were not wanted' }
  if (backend.isUsingGpuDevice) return { fusedOps: false, reason: 'on a GPU TensorFlow has fused ops of its own' }
  const result = loadFusedOps(tf)
  if (!result.loaded) return { fusedOps: false, reason: result.reason }
  inUse.add(backend)
  return { fusedOps: true }
}

export function hasFusedOps(backend: NodeBackend): boolean {
  return inUse.has(backend)
}
