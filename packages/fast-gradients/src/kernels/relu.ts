import type * as core from '@tensorflow/tfjs-core'
import { hasFusedOps } from '../fused'
import { using } from '../handle'
import { PendingNorm } from '../norm-call'
import { runOp } from '../op'
import { masked, PendingMask, PendingSum } from '../pending-gradient'
import { computeType } from '../precision'
import type { TensorFlow } from '../tensorflow'
import { emit, emitHandle, nativeValue, Value } from '../value'
import { isFloat, type KernelMaker } from './kernel'

/** ReLU, in one op with the batch norm before it if that has not run yet. */
export const relu: KernelMaker = (stock) => (inputs, attributes, backend) => {
  if (!isFloat(inputs.x!)) return stock(inputs, attributes, backend)
  const { pending } = nativeValue(backend, inputs.x!)
  if (pending instanceof PendingNorm) return emitHandle(backend, pending.runWithRelu())
  return elementwise('Relu')(stock)(inputs, attributes, backend)
}

/** ReLU6 in the precision of its input. */
export const relu6: KernelMaker = (stock) => elementwise('Relu6')(stock)

function elementwise(op: string) {
  return (stock: ReturnType<KernelMaker>): ReturnType<KernelMaker> =>
    (inputs, attributes, backend) => {
      if (!isFloat(inputs.x!)) return stock(inputs, attributes, backend)
      const x = nativeValue(backend, inputs.x!)
      const type = computeType(backend, x)
      const handles = [x.as(type)]
      return emitHandle(
        backend,
        using(handles, () => runOp(backend, op, handles, 1, { T: { type } })[0]!),
      )
    }
}

/**
 * The backward passes of ReLU and ReLU6, which read the output: the next layer keeps that anyway, so the input can be freed.
 *
 * Stock tfjs multiplies dy by step(x), and builds step(x) of five ops and an uploaded array of ones as big as the activation.
 */
export const reluGrad: KernelMaker = () => (inputs, _, backend) => {
  const dy = nativeValue(backend, inputs.dy!)
  const y = nativeValue(backend, inputs.y!)
  const type = computeType(backend, y)
  if (!hasFusedOps(backend)) return emitHandle(backend, masked(backend, 'ReluGrad', dy.as(type), y.as(type)))
  const terms = dy.pending instanceof PendingSum ? dy.pending.parts(dy.type) : [dy.as(dy.type)]
  const value = new Value(backend, y.shape, new PendingMask(backend, terms, y.as(type)))
  value.addend = true
  return emit(backend, value)
}

export const relu6Grad: KernelMaker = () => (inputs, _, backend) => {
  const [dy, y] = [nativeValue(backend, inputs.dy!), nativeValue(backend, inputs.y!)]
  const type = computeType(backend, y)
  return emitHandle(backend, masked(backend, 'Relu6Grad', dy.as(type), y.as(type)))
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
