import type * as core from '@tensorflow/tfjs-core'
import type { NodeBackend } from './backend'
import { overrideBackpropagation } from './backpropagate'
import { batchNormalizationPrototype, fusedCall } from './batch-normalization-layer'
import { type FusedOpsInUse, useFusedOps } from './fused'
import { add, addGradient } from './kernels/add'
import { BACKWARD, backward, batchNormalizationGradient, TRAINING, training } from './kernels/batch-normalization'
import { conv2D, conv2DBackpropFilter, conv2DBackpropInput, fusedConv2D } from './kernels/convolution'
import { type KernelMaker, overrideGradient, overrideKernel } from './kernels/kernel'
import { batchMatMul } from './kernels/matrix-product'
import { avgPool, avgPoolGrad, maxPool, maxPoolGrad } from './kernels/pooling'
import { reductionGradients } from './kernels/reductions'
import { relu, relu6, relu6Grad, reluGrad, reluGradients } from './kernels/relu'
import { castKernel, padV2, reshapeKernel, sliceKernel } from './kernels/shaping'
import { fusedUpdate } from './momentum'
import { isNodeBackend, requireNodeBackend, type TensorFlow } from './tensorflow'
import { holdValues, nativeValue } from './value'

/** How to undo it, by tfjs engine: one engine may be reached through several `tf` objects. */
const undoByEngine = new WeakMap<object, () => void>()

const kernels: Record<string, KernelMaker> = {
  Add: add,
  AvgPool: avgPool,
  AvgPoolGrad: avgPoolGrad,
  BatchMatMul: batchMatMul,
  Cast: castKernel,
  Conv2D: conv2D,
  Conv2DBackpropFilter: conv2DBackpropFilter,
  Conv2DBackpropInput: conv2DBackpropInput,
  FusedConv2D: fusedConv2D,
  MaxPool: maxPool,
  MaxPoolGrad: maxPoolGrad,
  PadV2: padV2,
  Relu: relu,
  Relu6: relu6,
  Relu6Grad: relu6Grad,
  ReluGrad: reluGrad,
  Reshape: reshapeKernel,
  Slice: sliceKernel,
}

export interface FastGradientsOptions {
  /** False leaves the C++ ops of @bag-of-tricks/fused-ops out: TensorFlow's own ops only. @default true */
  fusedOps?: boolean
}

/**
 * Trains with TensorFlow's own backward passes, and with C++ ops that do several steps of a network in one pass over memory, where
 * tfjs composes batch norm of fifty ops and uploads arrays of ones: the same numbers, several times as fast, in half the memory.
 *
 * Call it once after loading tfjs-node. `LayersModel`s with stock layers, loaded models, `tf.grad`, custom loops and
 * `tf.train.momentum` all profit. While another backend is in use, stock tfjs does everything. Calling it again changes nothing but the choice of `fusedOps`.
 *
 * @param tf `@tensorflow/tfjs-node` or `@tensorflow/tfjs-node-gpu`; another backend in use is an error naming it.
 * @returns Whether the C++ ops are in use, and if not, why: training goes on without them, slower.
 *
 * @example
 * enableFastGradients(tf) // => { fusedOps: true }
 * tf.grad((x) => tf.relu(x))(tf.tensor1d([-1, 2])) // => [0, 1]
 */
export function enableFastGradients(tf: TensorFlow, { fusedOps = true }: FastGradientsOptions = {}): FusedOpsInUse {
  requireNodeBackend(tf, 'enableFastGradients')
  // oneDNN's convolutions wait for its thread pool, and are a quarter slower, unless the calling thread takes its share.
  process.env.TF_ONEDNN_THREADPOOL_USE_CALLER_THREAD ??= 'true'
  const inUse = useFusedOps(tf, fusedOps)
  if (!undoByEngine.has(tf.engine())) undoByEngine.set(tf.engine(), override(tf))
  return inUse
}

/**
 * Puts everything stock back.
 *
 * @example
 * disableFastGradients(tf)
 */
export function disableFastGradients(tf: TensorFlow): void {
  undoByEngine.get(tf.engine())?.()
  undoByEngine.delete(tf.engine())
}

function override(tf: TensorFlow): () => void {
  const backend = tf.backend() as unknown as NodeBackend
  holdValues(backend)
  registerBatchNormalization(tf)
  const gradients = [...reluGradients(tf), ...reductionGradients(tf), addGradient(tf, tf.getGradient('Add'))]
  const settle = (gradient: core.Tensor) => {
    if (isNodeBackend(tf) && gradient.dtype === 'float32') nativeValue(backend, gradient).settle()
  }
  const undo = [
    ...Object.entries(kernels).map(([name, kernel]) => overrideKernel(tf, name, kernel)),
    ...gradients.map((gradient) => overrideGradient(tf, gradient)),
    overrideBackpropagation(tf, settle),
    overrideCalls(tf),
  ]
  return () => {
    for (const putBack of undo.reverse()) putBack()
  }
}

/** The two methods of classes that tfjs keeps to itself. */
function overrideCalls(tf: TensorFlow): () => void {
  const layer = batchNormalizationPrototype(tf)
  const optimizer = tf.MomentumOptimizer.prototype as unknown as { applyGradients: Parameters<typeof fusedUpdate>[1] }
  const { call } = layer
  const { applyGradients } = optimizer
  layer.call = fusedCall(tf, call)
  optimizer.applyGradients = fusedUpdate(tf, applyGradients)
  return () => {
    layer.call = call
    optimizer.applyGradients = applyGradients
  }
}

/** Makes batch normalization in one op runnable. Its kernels have names of their own and take nothing away, so they stay. */
export function registerBatchNormalization(tf: TensorFlow): void {
  if (tf.getKernel(TRAINING, 'tensorflow')) return
  holdValues(tf.backend() as unknown as NodeBackend)
  overrideKernel(tf, TRAINING, training)
  overrideKernel(tf, BACKWARD, backward)
  tf.registerGradient(batchNormalizationGradient(tf))
}
