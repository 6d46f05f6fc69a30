import type * as core from '@tensorflow/tfjs-core'
import type { NodeBackend } from '../backend'
import { hasFusedOps } from '../fused'
import { using } from '../handle'
import { type Attribute, integers, runOp } from '../op'
import { PendingSum } from '../pending-gradient'
import { PendingPad, PendingUnpad } from '../pending-padding'
import { computeType } from '../precision'
import type { TensorFlow } from '../tensorflow'
import { emit, emitHandle, nativeValue, Value } from '../value'
import { type Attributes, isFloat, type Kernel, type KernelMaker } from './kernel'

type Info = core.backend_util.Conv2DInfo

/** Max pooling, in one op with the zeros around its input; it remembers which cell of a window it took. */
export const maxPool: KernelMaker = (stock, tf) => (inputs, attributes, backend) => {
  const info = isFloat(inputs.x!) && infoOf(tf, inputs.x!.shape, attributes)
  if (!info) return stock(inputs, attributes, backend)
  const x = nativeValue(backend, inputs.x!)
  if (!hasFusedOps(backend) || !fitsFusedOp(info)) return pool(backend, 'MaxPool', x, info)
  const type = computeType(backend, x)
  const padding = x.pending instanceof PendingPad && x.type === type ? x.pending : undefined
  const handle = padding ? padding.x.retain() : x.as(type)
  const attrs = fusedAttributes(type, info, padding)
  const [y, cells] = using([handle], () => runOp(backend, 'BagOfTricksMaxPool', [handle], 2, attrs))
  const value = new Value(backend, info.outShape, undefined, y)
  value.companion = cells
  return emit(backend, value)
}

/** The gradient of max pooling. */
export const maxPoolGrad: KernelMaker = (stock, tf) => (inputs, attributes, backend) => {
  const info = infoOf(tf, inputs.input!.shape, attributes)
  if (!info) return stock(inputs, attributes, backend)
  const [dy, x, y] = ['dy', 'input', 'output'].map((name) => nativeValue(backend, inputs[name]!)) as [
    Value,
    Value,
    Value,
  ]
  const type = computeType(backend, x, y)
  if (!y.companion) {
    const handles = [x.as(type), y.as(type), dy.as(type)]
    return emitHandle(
      backend,
      using(handles, () => runOp(backend, 'MaxPoolGrad', handles, 1, nativeAttributes(type, info))[0]!),
    )
  }
  const padding = x.pending instanceof PendingPad ? x.pending : undefined
  const terms = dy.pending instanceof PendingSum ? dy.pending.parts(dy.type) : [dy.as(dy.type)]
  const handles = [...terms, y.companion.retain()]
  const attrs = {
    ...fusedAttributes(dy.type, info, padding),
    dys: { int: terms.length },
    input_shape: { int: padding ? padding.x.shape : x.shape },
  }
  const dx = using(handles, () => runOp(backend, 'BagOfTricksMaxPoolGrad', handles, 1, attrs)[0]!)
  if (!padding) return emitHandle(backend, dx)
  return emit(backend, new Value(backend, x.shape, new PendingUnpad(backend, dx, padding.paddings)))
}

/** Average pooling in the precision of its input. */
export const avgPool: KernelMaker = (stock, tf) => (inputs, attributes, backend) => {
  const info = isFloat(inputs.x!) && infoOf(tf, inputs.x!.shape, attributes)
  if (!info) return stock(inputs, attributes, backend)
  return pool(backend, 'AvgPool', nativeValue(backend, inputs.x!), info)
}

/** The gradient of average pooling. */
export const avgPoolGrad: KernelMaker = (stock, tf) => (inputs, attributes, backend) => {
  const info = infoOf(tf, inputs.input!.shape, attributes)
  if (!info) return stock(inputs, attributes, backend)
  const dy = nativeValue(backend, inputs.dy!)
  const type = computeType(backend, nativeValue(backend, inputs.input!), dy)
  const handles = [integers(backend, info.inShape), dy.as(type)]
  const attrs = nativeAttributes(type, info)
  return emitHandle(
    backend,
    using(handles, () => runOp(backend, 'AvgPoolGrad', handles, 1, attrs)[0]!),
  )
}

function pool(backend: NodeBackend, op: string, x: Value, info: Info): ReturnType<Kernel> {
  const type = computeType(backend, x)
  const handle = x.as(type)
  const attributes = nativeAttributes(type, info)
  return emitHandle(
    backend,
    using([handle], () => runOp(backend, op, [handle], 1, attributes)[0]!),
  )
}

/** Windows as tfjs works them out; undefined for what stays with tfjs-node: its errors, and dilation. */
function infoOf(tf: TensorFlow, inShape: number[], attributes: Attributes): Info | undefined {
  const { filterSize, strides, pad } = attributes
  const shape = inShape as [number, number, number, number]
  const info = tf.backend_util.computePool2DInfo(shape, filterSize as number, strides as number, 1, pad as 'same')
  const { type } = info.padInfo
  return type === 'SAME' || type === 'VALID' ? info : undefined
}

/** TensorFlow's padding of a pool counts as no cell at all, that of the fused op as zeros; it names a cell by one byte. */
function fitsFusedOp({ batchSize, filterHeight, filterWidth, padInfo: { top, bottom, left, right } }: Info): boolean {
  return top + bottom + left + right === 0 && filterHeight * filterWidth < 255 && batchSize > 0
}

function nativeAttributes(type: number, info: Info): Record<string, Attribute> {
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info
  return {
    T: { type },
    ksize: { int: [1, filterHeight, filterWidth, 1] },
    strides: { int: [1, strideHeight, strideWidth, 1] },
    padding: padInfo.type,
    data_format: 'NHWC',
  }
}

function fusedAttributes(type: number, info: Info, padding?: PendingPad): Record<string, Attribute> {
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info
  return {
    T: { type },
    ksize: { int: [filterHeight, filterWidth] },
    strides: { int: [strideHeight, strideWidth] },
    pads: { int: padding ? [...padding.paddings[1]!, ...padding.paddings[2]!] : [0, 0, 0, 0] },
  }
}
