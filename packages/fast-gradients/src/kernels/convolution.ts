import type * as core from '@tensorflow/tfjs-core'
import type { NodeBackend } from '../backend'
import { type Handle, using } from '../handle'
import { integers, runOp } from '../op'
import { computeType, productType } from '../precision'
import { emit, emitHandle, nativeValue, type Pending, Value } from '../value'
import {
  filterGradientProduct,
  forwardProduct,
  inputGradientProduct,
  isFasterAsProduct,
  isFilterGradientFasterAsProduct,
} from './convolution-as-product'
import { explicitPaddings, type Info, infoOf, opAttributes } from './convolution-info'
import type { KernelMaker } from './kernel'
import { convert, pad, slice } from './reshaping'

/** Conv2D in the precision of its inputs, with any padding. */
export const conv2D: KernelMaker = (stock, tf) => (inputs, attributes, backend) => {
  const info = infoOf(tf, inputs.x!.shape, inputs.filter!.shape, attributes)
  if (!info) return stock(inputs, attributes, backend)
  const [x, filter] = [nativeValue(backend, inputs.x!), nativeValue(backend, inputs.filter!)]
  const type = computeType(backend, x, filter)
  const product = productType(backend, type)
  const asProduct = isFasterAsProduct(backend, info)
  const handles = [x.as(asProduct ? type : product), filter.keepAs(product)] as const
  const y = using(handles, () => (asProduct ? forwardProduct : forward)(backend, info, ...handles))
  return emitHandle(backend, convert(backend, y, type))
}

function forward(backend: NodeBackend, info: Info, x: Handle, filter: Handle): Handle {
  const padding = explicitPaddings(info)
  const attributes = opAttributes(filter.type, info, padding ? 'EXPLICIT' : info.padInfo.type, padding)
  return runOp(backend, 'Conv2D', [x, filter], 1, attributes)[0]!
}

/** tfjs's convolution with bias and activation: what its layers run. */
export const fusedConv2D: KernelMaker = (stock, tf) => {
  const convolve = conv2D(stock, tf)
  return (inputs, attributes, backend) => {
    if (attributes.dataFormat !== 'NHWC') return stock(inputs, attributes, backend)
    const { x, filter, bias, preluActivationWeights } = inputs
    const product = convolve({ x: x!, filter: filter! }, attributes, backend) as core.TensorInfo
    if (!bias && attributes.activation === 'linear') return product
    return tf.tidy(() => {
      const y = tf.engine().makeTensorFromTensorInfo(product)
      const sum = bias ? tf.add(y, bias as core.Tensor) : y
      const { activation, leakyreluAlpha } = attributes as { activation: string; leakyreluAlpha?: number }
      return backend.applyActivation(sum, activation, preluActivationWeights, leakyreluAlpha)
    })
  }
}

/**
 * The gradient of a convolution in its input.
 *
 * It waits until it is asked for: tfjs's fused convolution takes it always, that of the first layer too, which nobody reads.
 */
export const conv2DBackpropInput: KernelMaker = (stock, tf) => (inputs, attributes, backend) => {
  const info = infoOf(tf, attributes.inputShape as number[], inputs.filter!.shape, attributes)
  if (!info) return stock(inputs, attributes, backend)
  const [dy, filter] = [nativeValue(backend, inputs.dy!), nativeValue(backend, inputs.filter!)]
  const product = productType(backend, computeType(backend, dy, filter))
  // The gradient in the filter reads the same dy: what was converted is converted once.
  const pending = new PendingInputGradient(backend, info, dy.keepAs(product), filter.keepAs(product))
  const value = new Value(backend, info.inShape, pending)
  value.addend = true
  return emit(backend, value)
}

class PendingInputGradient implements Pending {
  /** That of the product: a gradient is not rounded to half precision only to be widened for the next one. */
  readonly type: number

  constructor(
    private readonly backend: NodeBackend,
    private readonly info: Info,
    private readonly dy: Handle,
    private readonly filter: Handle,
  ) {
    this.type = dy.type
  }

  run(): Handle {
    const { backend, info, dy, filter } = this
    return (isFasterAsProduct(backend, info) ? inputGradientProduct : inputGradient)(backend, info, dy, filter)
  }

  release(): void {
    this.dy.release()
    this.filter.release()
  }
}

function inputGradient(backend: NodeBackend, info: Info, dy: Handle, filter: Handle): Handle {
  const padding = explicitPaddings(info)
  const attributes = opAttributes(dy.type, info, padding ? 'VALID' : info.padInfo.type)
  const shape = padding ? info.inShape.map((size, i) => size + padding[i]![0] + padding[i]![1]) : info.inShape
  const sizes = integers(backend, shape)
  const dx = using([sizes], () => runOp(backend, 'Conv2DBackpropInput', [sizes, filter, dy], 1, attributes)[0]!)
  if (!padding) return dx
  const begin = padding.map(([before]) => before)
  return using([dx], () => slice(backend, dx, begin, info.inShape))
}

/** The gradient of a convolution in its filter. */
export const conv2DBackpropFilter: KernelMaker = (stock, tf) => (inputs, attributes, backend) => {
  const filterShape = attributes.filterShape as number[]
  const info = infoOf(tf, inputs.x!.shape, filterShape, attributes)
  if (!info) return stock(inputs, attributes, backend)
  const [x, dy] = [nativeValue(backend, inputs.x!), nativeValue(backend, inputs.dy!)]
  const type = computeType(backend, x, dy)
  const product = productType(backend, type)
  const asProduct = isFilterGradientFasterAsProduct(backend, info, product)
  const handles = [x.as(asProduct ? type : product), dy.keepAs(product)] as const
  const compute = asProduct ? filterGradientProduct : filterGradient
  return emitHandle(
    backend,
    using(handles, () => compute(backend, info, ...handles)),
  )
}

function filterGradient(backend: NodeBackend, info: Info, x: Handle, dy: Handle): Handle {
  const { filterHeight, filterWidth, inChannels, outChannels } = info
  const shape = [filterHeight, filterWidth, inChannels, outChannels]
  const padding = explicitPaddings(info)
  const attributes = opAttributes(dy.type, info, padding ? 'VALID' : info.padInfo.type)
  const input = padding ? pad(backend, x, padding) : x.retain()
  const sizes = integers(backend, shape)
  return using([input, sizes], () => runOp(backend, 'Conv2DBackpropFilter', [input, sizes, dy], 1, attributes)[0]!)
}
