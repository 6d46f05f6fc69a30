import type * as core from '@tensorflow/tfjs-core'
import { FLOAT } from '../backend'
import { hasFusedOps } from '../fused'
import { using } from '../handle'
import { PendingPad, PendingUnpad } from '../pending-padding'
import { emit, emitHandle, nativeValue, Value } from '../value'
import { isFloat, type KernelMaker } from './kernel'
import { type Paddings, pad, reshape, slice } from './reshaping'

/** Padding in the precision of its input; by zeros it waits for the max pooling behind it. */
export const padV2: KernelMaker = (stock) => (inputs, attributes, backend) => {
  const paddings = attributes.paddings as Paddings
  if (!isFloat(inputs.x!) || attributes.constantValue !== 0) return stock(inputs, attributes, backend)
  const x = nativeValue(backend, inputs.x!)
  const handle = x.as(x.type)
  if (!hasFusedOps(backend) || !surroundsPicture(paddings)) {
    return emitHandle(
      backend,
      using([handle], () => pad(backend, handle, paddings)),
    )
  }
  const shape = x.shape.map((size, i) => paddings[i]![0] + size + paddings[i]![1])
  return emit(backend, new Value(backend, shape, new PendingPad(backend, handle, paddings)))
}

function surroundsPicture(paddings: Paddings): boolean {
  return paddings.length === 4 && [...paddings[0]!, ...paddings[3]!].every((size) => size === 0)
}

/** Slices in the precision of their input: the gradient of padding. */
export const sliceKernel: KernelMaker = (stock, tf) => (inputs, attributes, backend) => {
  const x = isFloat(inputs.x!) && nativeValue(backend, inputs.x!)
  if (!x || (x.type === FLOAT && !x.pending)) return stock(inputs, attributes, backend)
  const { begin, size } = attributes as { begin: number[]; size: number[] }
  const [from, extent] = tf.slice_util.parseSliceParams(inputs.x as core.Tensor, begin, size) as [number[], number[]]
  const inside = x.pending instanceof PendingUnpad && x.pending.inside(from, extent)
  if (inside) return emitHandle(backend, inside)
  const handle = x.as(x.type)
  return emitHandle(
    backend,
    using([handle], () => slice(backend, handle, from, extent)),
  )
}

/** A cast to the type a tensor has is no work: what waits goes on waiting. Cloned tensors get their gradients by one. */
export const castKernel: KernelMaker = (stock) => (inputs, attributes, backend) => {
  const x = inputs.x!
  if (!isFloat(x) || attributes.dtype !== 'float32') return stock(inputs, attributes, backend)
  backend.incRef(x.dataId)
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
}

/** Reshaping in the precision of its input. */
export const reshapeKernel: KernelMaker = (stock) => (inputs, attributes, backend) => {
  const x = isFloat(inputs.x!) && nativeValue(backend, inputs.x!)
  if (!x || x.type === FLOAT) return stock(inputs, attributes, backend)
  const handle = x.as(x.type)
  return emitHandle(
    backend,
    using([handle], () => reshape(backend, handle, attributes.shape as number[])),
  )
}
