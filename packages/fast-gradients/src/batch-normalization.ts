import type * as core from '@tensorflow/tfjs-core'
import { runNativeOp } from './native-op'
import type { TensorFlow } from './tensorflow'

const TRAINING = 'FusedBatchNormTraining'
const BACKWARD = 'FusedBatchNormTrainingGrad'

/** A training batch normalized by its own statistics. */
export interface NormalizedBatch {
  /** Same shape as the input. */
  y: core.Tensor4D
  /** Mean of each channel, `[channels]`. */
  mean: core.Tensor1D
  /** Variance of each channel with Bessel's correction, n/(n−1) times that of the batch, `[channels]`. */
  unbiasedVariance: core.Tensor1D
}

/** Normalizes an NHWC batch by its own mean and variance: γ·(x − μ)/√(σ² + ε) + β, one native op forward, one backward. */
export function normalizeBatch(
  tf: TensorFlow,
  x: core.Tensor4D,
  gamma: core.Tensor1D,
  beta: core.Tensor1D,
  epsilon: number,
): NormalizedBatch {
  const outputs = tf.engine().runKernel(TRAINING, { x, gamma, beta }, { epsilon }) as core.Tensor[]
  return {
    y: outputs[0] as core.Tensor4D,
    mean: outputs[1] as core.Tensor1D,
    unbiasedVariance: outputs[2] as core.Tensor1D,
  }
}

/** Gives the two kernels behind `normalizeBatch`: TensorFlow's FusedBatchNormV3 and FusedBatchNormGradV3. */
export function batchNormalizationKernels(tf: TensorFlow): core.KernelConfig[] {
  const attributes = (epsilon: unknown) => ({
    types: ['T', 'U'],
    floats: { epsilon: epsilon as number },
    strings: { data_format: 'NHWC' },
    booleans: { is_training: true },
  })
  return [
    {
      kernelName: TRAINING,
      backendName: 'tensorflow',
      kernelFunc: ({ inputs: { x, gamma, beta }, attrs, backend }) =>
        tf.tidy(() => {
          // In training the op wants empty running statistics: it only reads them to normalize for inference.
          const none = tf.zeros([0])
          return runNativeOp(
            backend,
            'FusedBatchNormV3',
            [x!, gamma!, beta!, none, none],
            6,
            attributes(attrs?.epsilon),
          ) as core.Tensor[]
        }),
    },
    {
      kernelName: BACKWARD,
      backendName: 'tensorflow',
      kernelFunc: ({ inputs: { dy, x, gamma, reserve1, reserve2, reserve3 }, attrs, backend }) =>
        runNativeOp(
          backend,
          'FusedBatchNormGradV3',
          [dy!, x!, gamma!, reserve1!, reserve2!, reserve3!],
          5,
          attributes(attrs?.epsilon),
        ),
    },
  ]
}

/** Gives the gradient to register for the kernel behind `normalizeBatch`. A second derivative is refused by tfjs by name. */
export function batchNormalizationGradients(tf: TensorFlow): core.GradConfig[] {
  return [
    {
      kernelName: TRAINING,
      inputsToSave: ['x', 'gamma'],
      outputsToSave: [false, false, false, true, true, true],
      gradFunc: (dys, [x, gamma, reserve1, reserve2, reserve3], attrs) => {
        const dy = (dys as core.Tensor[])[0]!
        const inputs = { dy, x: x!, gamma: gamma!, reserve1: reserve1!, reserve2: reserve2!, reserve3: reserve3! }
        // Run here, not in the closures: tfjs tidies after each closure and would free the results of the others.
        const [dx, dgamma, dbeta] = tf.engine().runKernel(BACKWARD, inputs, attrs as core.NamedAttrMap) as core.Tensor[]
        return { x: () => dx!, gamma: () => dgamma!, beta: () => dbeta! }
      },
    },
  ]
}
