import type * as tfjs from '@tensorflow/tfjs-core'
import type { Nested } from '../arrays'
import type { Library } from './library'

/** `tf` of any of the packages that have it. */
export function tfjsLibrary(tf: typeof tfjs): Library<tfjs.Tensor, tfjs.Tensor> {
  return {
    tensor: (values) => tf.tensor(values as tfjs.TensorLike),
    name: (x, name) => Object.assign(x, { name }),
    read: (x) => x.arraySync() as Nested[],
    free: (x) => x.dispose(),
    tidy: (run) => tf.tidy(() => run(tf) as tfjs.TensorContainer) as ReturnType<typeof run>,
    live: () => tf.memory().numTensors,
  }
}
