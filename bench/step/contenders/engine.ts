import { autocast } from '@bag-of-tricks/autocast'
import { enableFastGradients, momentum, softmaxCrossEntropy } from '@bag-of-tricks/fast-gradients'
import { lossScaler, unscale } from '@bag-of-tricks/mixed-precision'
import type {
  MomentumOptimizer,
  NamedTensorMap,
  Tensor,
  Tensor2D,
  TensorContainer,
  Variable,
} from '@tensorflow/tfjs-node'
import type { Precision } from '../options'

export type TensorFlow = typeof import('@tensorflow/tfjs-node')

/** Where the trainer of this repository and one on stock tfjs-node differ; the step around it is the same. */
export interface Engine {
  optimizer: MomentumOptimizer
  /** Runs the forward pass in the precision asked for. */
  forward<T extends TensorContainer>(f: () => T): T
  /** One loss for each example. */
  losses(labels: Tensor2D, logits: Tensor2D): Tensor
  /** What the loss is multiplied with. */
  lossScale(): number
  /** Moves the weights. */
  update(variables: readonly Variable[], gradients: NamedTensorMap): void
}

export interface EngineOptions {
  precision: Precision
  /** False: TensorFlow's own ops only. */
  fusedOps: boolean
  rate: number
}

const nesterov = { momentum: 0.9, nesterov: true }

/** What a user has without any package of ours. */
export function stockEngine(tf: TensorFlow, rate: number): Engine {
  const optimizer = tf.train.momentum(rate, nesterov.momentum, nesterov.nesterov)
  return {
    optimizer,
    forward: (f) => f(),
    losses: (labels, logits) => tf.losses.softmaxCrossEntropy(labels, logits, undefined, 0, tf.Reduction.NONE),
    lossScale: () => 1,
    update: (variables, gradients) => optimizer.applyGradients(inOrder(variables, gradients)),
  }
}

/** What examples/imagenet/src/train.ts trains with; the one place here that names what the packages offer. */
export function ourEngine(tf: TensorFlow, { precision, fusedOps, rate }: EngineOptions): Engine {
  const inUse = enableFastGradients(tf, { fusedOps })
  // Without them the figure would be another one under the same name.
  if (fusedOps && !inUse.fusedOps) throw new Error(`fused-ops cannot be used: ${inUse.reason}`)
  const optimizer = momentum(tf, { rate, ...nesterov })
  const scaler = precision === 'float16' ? lossScaler() : undefined
  return {
    optimizer,
    forward: (f) => (precision === 'float32' ? f() : autocast(tf, precision, f)),
    losses: (labels, logits) => softmaxCrossEntropy(tf, labels, logits),
    lossScale: () => scaler?.scale ?? 1,
    update(variables, grads) {
      const { gradients, finite } = scaler ? unscale(tf, grads, scaler.scale) : { gradients: grads, finite: true }
      if (scaler?.update(finite)) return
      optimizer.applyGradients(inOrder(variables, gradients))
    },
  }
}

/** tfjs keeps momentum by position. */
function inOrder(variables: readonly Variable[], gradients: NamedTensorMap) {
  return variables.map(({ name }) => ({ name, tensor: gradients[name]! }))
}
