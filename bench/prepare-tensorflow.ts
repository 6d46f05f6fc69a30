import { installLibtensorflow } from '@bag-of-tricks/libtensorflow'
import { here } from './child'

/** Puts TensorFlow in place and keeps it quiet; tfjs-node may be imported after it, not before. */
export async function prepareTensorflow(): Promise<void> {
  await installLibtensorflow({ dir: here('..'), log: console.log })
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  await import('@bag-of-tricks/libtensorflow/preload')
}
