import type * as core from '@tensorflow/tfjs-core'
import { runNativeOp } from './native-op'
import type { TensorFlow } from './tensorflow'

/**
 * Gives the backward passes of ReLU and ReLU6: one native op each.
 *
 * Stock tfjs multiplies dy by step(x), and builds step(x) from five ops and an uploaded array of ones as big as the
 * activation. The native op reads the output, which the next layer keeps anyway, so the input can be freed.
 */
export function reluKernels(): core.KernelConfig[] {
  return ['ReluGrad', 'Relu6Grad'].map((kernelName) => ({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, backend }) => runNativeOp(backend, kernelName, [inputs.dy!, inputs.y!], 1)[0]!,
  }))
}

/** Gives the gradients to register for ReLU, ReLU6 and, for second derivatives, for their backward passes. */
export function reluGradients(tf: TensorFlow): core.GradConfig[] {
  const backward = (kernel: string, dy: core.Tensor, y: core.Tensor) => tf.engine().runKernel(kernel, { dy, y })
  return ['Relu', 'Relu6'].flatMap((kernelName): core.GradConfig[] => {
    const grad = `${kernelName}Grad`
    return [
      {
        kernelName,
        outputsToSave: [true],
        gradFunc: (dy, [y]) => ({ x: () => backward(grad, dy as core.Tensor, y!) as core.Tensor }),
      },
      {
        kernelName: grad,
        inputsToSave: ['y'],
        // Linear in dy; the mask itself is flat almost everywhere.
        gradFunc: (ddx, [y]) => ({
          dy: () => backward(grad, ddx as core.Tensor, y!) as core.Tensor,
          y: () => tf.zeros(y!.shape),
        }),
      },
    ]
  })
}
