import { fileURLToPath } from 'node:url'
import { installLibtensorflow } from '../../packages/libtensorflow/src/index'

/** Gives the workspace its TensorFlow before any test loads tfjs-node; silent where it is in place. */
export default async function setup(): Promise<void> {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  // From here the ops to compile are found as well as tfjs-node.
  const dir = fileURLToPath(new URL('../../packages/fused-ops', import.meta.url))
  await installLibtensorflow({ dir, log: console.log })
}
