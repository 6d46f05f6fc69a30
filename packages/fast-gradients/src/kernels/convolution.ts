import type * as core from '@tensorflow/tfjs-core'
import { BFLOAT16, type NodeBackend } from '../backend'
import { type Handle, using } from '../handle'
import { type Attribute, integers, runOp } from '../op'
import { computeType, productType } from '../precision'
import type { TensorFlow } from '../tensorflow'
import { emit, emitHandle, nativeValue, type Pending, Value } from '../value'
import type { Attributes, KernelMaker } from './kernel'
import { convert, type Paddings, pad, reshape, slice } from './reshaping'

type Info = core.backend_util.Conv2DInfo

/** Conv2D in the precision of its inputs, with any padding. */
export const conv2D: KernelMaker = (stock, tf) => (inputs, attributes, backend) => {
  const info = infoOf(tf, inputs.x!.shape, inputs.filter!.shape, attributes)
  if (!info) return stock(inputs, attributes, backend)
  const [x, filter] = [nativeValue(backend, inputs.x!), nativeValue(backend, inputs.filter!)]
  const type = computeType(backend, x, filter)
  const product = productType(backend, type)
  const handles = [x.as(product), filter.keepAs(product)]
  const padding = explicitPaddings(info)
  const attrs = opAttributes(product, info, padding ? 'EXPLICIT' : info.padInfo.type, padding)
  const y = using(handles, () => runOp(backend, 'Conv2D', handles, 1, attrs)[0]!)
  return emitHandle(backend, convert(backend, y, type))
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
  const type = computeType(backend, dy, filter)
  const product = productType(backend, type)
  // The gradient in the filter reads the same dy: what was converted is converted once.
  const pending = new PendingInputGradient(backend, info, type, dy.keepAs(product), filter.keepAs(product))
  const value = new Value(backend, info.inShape, pending)
  value.addend = true
  return emit(backend, value)
}

class PendingInputGradient implements Pending {
  constructor(
    private readonly backend: NodeBackend,
    private readonly info: Info,
    readonly type: number,
    private readonly dy: Handle,
    private readonly filter: Handle,
  ) {}

  run(): Handle {
    const { backend, info, dy, filter } = this
    const padding = explicitPaddings(info)
    const attributes = opAttributes(dy.type, info, padding ? 'VALID' : info.padInfo.type)
    const shape = padding ? info.inShape.map((size, i) => size + padding[i]![0] + padding[i]![1]) : info.inShape
    const sizes = integers(backend, shape)
    const dx = using([sizes], () => runOp(backend, 'Conv2DBackpropInput', [sizes, filter, dy], 1, attributes)[0]!)
    if (!padding) return convert(backend, dx, this.type)
    const begin = padding.map(([before]) => before)
    return convert(
      backend,
      using([dx], () => slice(backend, dx, begin, info.inShape)),
      this.type,
    )
  }

  release(): void {
    this.dy.release()
    this.filter.release()
  }
}

/** The gradient of a convolution in its filter. */
export const conv2DBackpropFilter: KernelMaker = (stock, tf) => (inputs, attributes, backend) => {
  const filterShape = attributes.filterShape as number[]
  const info = infoOf(tf, inputs.x!.shape, filterShape, attributes)
  if (!info) return stock(inputs, attributes, backend)
  const [x, dy] = [nativeValue(backend, inputs.x!), nativeValue(backend, inputs.dy!)]
  const type = computeType(backend, x, dy)
  const product = productType(backend, type)
  const handles = [x.as(product), dy.keepAs(product)] as const
  return emitHandle(
    backend,
    using(handles, () => filterGradient(backend, info, ...handles)),
  )
}

function filterGradient(backend: NodeBackend, info: Info, x: Handle, dy: Handle): Handle {
  const { filterHeight, filterWidth, inChannels, outChannels } = info
  const shape = [filterHeight, filterWidth, inChannels, outChannels]
  if (isFastAsProduct(backend, info, dy.type)) return pointwiseFilterGradient(backend, x, dy, shape)
  const padding = explicitPaddings(info)
  const attributes = opAttributes(dy.type, info, padding ? 'VALID' : info.padInfo.type)
  const input = padding ? pad(backend, x, padding) : x.retain()
  const sizes = integers(backend, shape)
  return using([input, sizes], () => runOp(backend, 'Conv2DBackpropFilter', [input, sizes, dy], 1, attributes)[0]!)
}

/** A 1×1 filter's gradient is one matrix product; with AMX oneDNN's for bfloat16 beats its convolution. */
function isFastAsProduct(backend: NodeBackend, info: Info, type: number): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info
  const pointwise = [filterHeight, filterWidth, strideHeight, strideWidth].every((size) => size === 1)
  return pointwise && type === BFLOAT16 && !backend.isUsingGpuDevice
}

function pointwiseFilterGradient(backend: NodeBackend, x: Handle, dy: Handle, shape: number[]): Handle {
  const rows = (handle: Handle) => reshape(backend, handle, [-1, handle.shape.at(-1)!])
  const factors = [rows(x), rows(dy)]
  const attributes = { T: { type: dy.type }, transpose_a: true, transpose_b: false }
  const product = using(factors, () => runOp(backend, 'MatMul', factors, 1, attributes)[0]!)
  return using([product], () => reshape(backend, product, shape))
}

/** Shapes and padding as tfjs works them out; undefined with channels first, which stays with tfjs-node. */
function infoOf(tf: TensorFlow, inShape: number[], filterShape: number[], attributes: Attributes): Info | undefined {
  const { strides, pad, dilations = 1, dimRoundingMode, dataFormat = 'NHWC' } = attributes
  if (dataFormat !== 'NHWC') return undefined
  return tf.backend_util.computeConv2DInfo(
    inShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides as number,
    dilations as number,
    pad as 'same',
    dimRoundingMode as 'floor' | undefined,
  )
}

function explicitPaddings({ padInfo: { type, top, bottom, left, right } }: Info): Paddings | undefined {
  if (type === 'SAME' || type === 'VALID') return undefined
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]
}

function opAttributes(type: number, info: Info, padding: string, explicit?: Paddings): Record<string, Attribute> {
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = info
  return {
    T: { type },
    strides: { int: [1, strideHeight, strideWidth, 1] },
    padding,
    // An empty list is taken for a padding by some of TensorFlow's kernels.
    ...(explicit && { explicit_paddings: { int: explicit.flat() } }),
    data_format: 'NHWC',
    use_cudnn_on_gpu: true,
    dilations: { int: [1, dilationHeight, dilationWidth, 1] },
  }
}
