import type * as core from '@tensorflow/tfjs-core'
import type * as layers from '@tensorflow/tfjs-layers'

/** What this package calls of TensorFlow.js; the `tf` of tfjs-node and tfjs-node-gpu has it. */
export type TensorFlow = Pick<
  typeof core,
  | 'add'
  | 'backend'
  | 'backend_util'
  | 'batchNorm'
  | 'broadcastTo'
  | 'cast'
  | 'clone'
  | 'customGrad'
  | 'div'
  | 'engine'
  | 'expandDims'
  | 'getBackend'
  | 'getGradient'
  | 'getKernel'
  | 'logSoftmax'
  | 'MomentumOptimizer'
  | 'mul'
  | 'neg'
  | 'ones'
  | 'registerGradient'
  | 'registerKernel'
  | 'reshape'
  | 'slice_util'
  | 'stack'
  | 'tensor1d'
  | 'tidy'
  | 'train'
  | 'unregisterGradient'
  | 'unregisterKernel'
  | 'unstack'
  | 'util'
  | 'variable'
  | 'zeros'
> & { layers: Pick<typeof layers.layers, 'batchNormalization'> }

/** Whether tfjs-node or tfjs-node-gpu is the backend in use; a user may have switched to another one since. */
export function isNodeBackend(tf: { getBackend(): string }): boolean {
  return tf.getBackend() === 'tensorflow'
}

/** Throws unless tfjs-node or tfjs-node-gpu is the backend in use: no other one has TensorFlow's ops. */
export function requireNodeBackend(tf: { getBackend(): string }, caller: string): void {
  if (!isNodeBackend(tf)) {
    throw new Error(
      `${caller}: needs the backend 'tensorflow' of @tensorflow/tfjs-node or tfjs-node-gpu, got '${tf.getBackend()}'`,
    )
  }
}
