import type * as fast from '@bag-of-tricks/fast-gradients'
import type * as core from '@tensorflow/tfjs-core'

/** What this package calls of TensorFlow.js. */
export type TensorFlow = Parameters<typeof fast.enableFastGradients>[0] &
  Pick<
    typeof core,
    | 'abs'
    | 'add'
    | 'customGrad'
    | 'div'
    | 'engine'
    | 'greater'
    | 'greaterEqual'
    | 'less'
    | 'mul'
    | 'sub'
    | 'tensor_util'
    | 'tidy'
    | 'where'
  >
