import type * as core from '@tensorflow/tfjs-core'
import type { NodeBackend } from '../backend'
import { isNodeBackend, type TensorFlow } from '../tensorflow'

export type Inputs = Readonly<Record<string, core.TensorInfo>>
export type Attributes = Readonly<Record<string, unknown>>

/** A kernel of this package: as tfjs has them, typed by what is used of it. */
export type Kernel = (
  inputs: Inputs,
  attributes: Attributes,
  backend: NodeBackend,
) => core.TensorInfo | core.TensorInfo[]

/** Makes a kernel that may leave cases to tfjs-node's own. */
export type KernelMaker = (stock: Kernel, tf: TensorFlow) => Kernel

/** Puts a kernel into tfjs-node, and returns how to undo it. */
export function overrideKernel(tf: TensorFlow, kernelName: string, make: KernelMaker): () => void {
  const backendName = 'tensorflow'
  const stock = tf.getKernel(kernelName, backendName) as core.KernelConfig | undefined
  const passOn: Kernel = (inputs, attrs, backend) =>
    stock!.kernelFunc({ inputs: { ...inputs }, attrs: attrs as core.NamedAttrMap, backend })
  const kernel = make(passOn, tf)
  if (stock) tf.unregisterKernel(kernelName, backendName)
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) => kernel(inputs as Inputs, attrs ?? {}, backend as NodeBackend),
  })
  return () => {
    tf.unregisterKernel(kernelName, backendName)
    if (stock) tf.registerKernel(stock)
  }
}

/**
 * Puts a gradient into tfjs, and returns how to undo it.
 *
 * tfjs has one gradient of a kernel for all its backends: while another one is in use, the stock gradient answers.
 */
export function overrideGradient(tf: TensorFlow, gradient: core.GradConfig): () => void {
  const { kernelName } = gradient
  const stock = tf.getGradient(kernelName) as core.GradConfig | undefined
  const current = () => (stock && !isNodeBackend(tf) ? stock : gradient)
  tf.registerGradient({
    kernelName,
    get inputsToSave() {
      return current().inputsToSave
    },
    get outputsToSave() {
      return current().outputsToSave
    },
    get saveAllInputs() {
      return current().saveAllInputs
    },
    gradFunc: (...call) => current().gradFunc(...call),
  } as core.GradConfig)
  return () => {
    if (stock) tf.registerGradient(stock)
    else tf.unregisterGradient(kernelName)
  }
}

export function isFloat(...tensors: core.TensorInfo[]): boolean {
  return tensors.every(({ dtype }) => dtype === 'float32')
}

export function sameShape(a: core.TensorInfo, b: core.TensorInfo): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, i) => size === b.shape[i])
}
