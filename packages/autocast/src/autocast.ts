import { enableFastGradients, withPrecision } from '@bag-of-tricks/fast-gradients'
import type * as core from '@tensorflow/tfjs-core'
import { emulate } from './emulate'
import type { TensorFlow } from './tensorflow'

export type Precision = 'bfloat16' | 'float16'

const precisions: readonly unknown[] = ['bfloat16', 'float16']

export interface AutocastOptions {
  /**
   * Rounds to the half grid in float32 arithmetic, on any backend: the numbers of half precision without its speed, to study
   * them where there is nothing faster. @default false
   */
  emulate?: boolean
}

/**
 * Runs `f` with convolutions, matrix products, ReLU, pooling and batch norm in half precision, and their backward passes too.
 *
 * Weights, batch norm's statistics, losses, gradients and what `f` returns stay float32, as do all other ops. To tfjs every tensor
 * is float32: the half numbers live inside the backend. bfloat16 has the range of float32 and needs nothing else; float16
 * needs a loss scale, as by @bag-of-tricks/mixed-precision. On tfjs-node it calls `enableFastGradients(tf)`, whose kernels these are.
 *
 * @param f The forward pass, synchronous: gives tensors, arrays or objects of them. The loss belongs outside.
 *
 * Source: He et al., 2018, §3.2, https://arxiv.org/abs/1812.01187; torch.autocast.
 *
 * @example
 * const w = tf.variable(tf.tensor2d([[1.001], [2]]))
 * const loss = () => tf.sum(autocast(tf, 'bfloat16', () => tf.matMul(tf.tensor2d([[1, 1]]), w)))
 * tf.variableGrads(loss, [w]).grads[w.name] // => [[1], [1]]
 */
export function autocast<T extends core.TensorContainer>(
  tf: TensorFlow,
  precision: Precision,
  f: () => T,
  { emulate: emulated = false }: AutocastOptions = {},
): T {
  if (!precisions.includes(precision)) {
    throw new RangeError(`autocast: precision must be bfloat16 or float16, got ${precision}`)
  }
  if (typeof f !== 'function') throw new TypeError(`autocast: f must be a function, got ${typeof f}`)
  if (emulated) return settled(emulate(tf, precision, f))
  const backend = tf.getBackend()
  if (backend !== 'tensorflow') {
    throw new Error(
      `autocast: the backend '${backend}' has no half precision, only 'tensorflow' of @tensorflow/tfjs-node has; { emulate: true } rounds its numbers to the half grid, at no gain in speed`,
    )
  }
  if (!isFast(tf)) enableFastGradients(tf)
  return settled(withPrecision(tf, precision, f))
}

function isFast(tf: TensorFlow): boolean {
  return tf.getGradient('ReluGrad') !== undefined
}

function settled<T>(result: T): T {
  if (result instanceof Promise) {
    // The scope is over by the time its work begins.
    result.catch(() => {})
    throw new TypeError('autocast: f must be synchronous, got a promise')
  }
  return result
}
