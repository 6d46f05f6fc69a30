import { BFLOAT16, type NodeBackend } from '../backend'
import { hasFusedOps } from '../fused'
import { type Handle, using } from '../handle'
import { cast, runOp } from '../op'
import type { Info } from './convolution-info'
import { reshape } from './reshaping'

/** Pixels of a result up to which one product over the whole batch beats oneDNN, which goes picture by picture. */
const fewPixels = {
  /** Its pixels are rows of a matrix as they are. */
  pointwise: 14 * 14,
  /** Every second pixel has to be gathered; oneDNN is slow at that too. */
  stridedPointwise: 28 * 28,
  /** What the filter sees has to be copied out once for each of its cells. */
  other: 4 * 4,
}

/** Whether a convolution is faster as a matrix product: on a processor, where pictures have shrunk to a few pixels. */
export function isFasterAsProduct(backend: NodeBackend, info: Info): boolean {
  const { batchSize, outHeight, outWidth, dilationHeight, dilationWidth, filterHeight, filterWidth } = info
  if (!hasFusedOps(backend) || dilationHeight * dilationWidth > 1 || filterHeight * filterWidth > 254) return false
  if (batchSize === 0) return false
  const strided = filterHeight * filterWidth === 1 ? fewPixels.stridedPointwise : fewPixels.other
  return outHeight * outWidth <= (isPointwise(info) ? fewPixels.pointwise : strided)
}

/** The same for the gradient in the filter; with AMX products in bfloat16 win at every size where the pixels are the rows. */
export function isFilterGradientFasterAsProduct(backend: NodeBackend, info: Info, type: number): boolean {
  return isFasterAsProduct(backend, info) || (type === BFLOAT16 && !backend.isUsingGpuDevice && isPointwise(info))
}

/** What the filter sees at each place, one a row, times the filter. */
export function forwardProduct(backend: NodeBackend, info: Info, x: Handle, filter: Handle): Handle {
  const factors = [columnsOf(backend, info, x, filter.type), asMatrix(backend, filter)]
  const product = using(factors, () => matMul(backend, factors, {}))
  return using([product], () => reshape(backend, product, info.outShape))
}

export function inputGradientProduct(backend: NodeBackend, info: Info, dy: Handle, filter: Handle): Handle {
  const factors = [asMatrix(backend, dy), asMatrix(backend, filter)]
  const columns = using(factors, () => matMul(backend, factors, { transposeB: true }))
  if (isPointwise(info)) return using([columns], () => reshape(backend, columns, info.inShape))
  const attributes = { T: { type: dy.type }, ...windows(info), input_shape: { int: info.inShape } }
  return using([columns], () => runOp(backend, 'BagOfTricksPatchesGrad', [columns], 1, attributes)[0]!)
}

export function filterGradientProduct(backend: NodeBackend, info: Info, x: Handle, dy: Handle): Handle {
  const { filterHeight, filterWidth, inChannels, outChannels } = info
  const factors = [columnsOf(backend, info, x, dy.type), asMatrix(backend, dy)]
  const product = using(factors, () => matMul(backend, factors, { transposeA: true }))
  return using([product], () => reshape(backend, product, [filterHeight, filterWidth, inChannels, outChannels]))
}

function columnsOf(backend: NodeBackend, info: Info, x: Handle, type: number): Handle {
  if (isPointwise(info)) {
    const converted = x.type === type ? x.retain() : cast(backend, x, type)
    return using([converted], () => asMatrix(backend, converted))
  }
  const attributes = { T: { type: x.type }, Column: { type }, ...windows(info) }
  return runOp(backend, 'BagOfTricksPatches', [x], 1, attributes)[0]!
}

/** Whether the pixels themselves are the rows. */
function isPointwise({ filterHeight, filterWidth, strideHeight, strideWidth, padInfo }: Info): boolean {
  const { top, bottom, left, right } = padInfo
  return filterHeight * filterWidth * strideHeight * strideWidth === 1 && top + bottom + left + right === 0
}

function windows({ filterHeight, filterWidth, strideHeight, strideWidth, padInfo }: Info) {
  const { top, bottom, left, right } = padInfo
  return {
    ksize: { int: [filterHeight, filterWidth] },
    strides: { int: [strideHeight, strideWidth] },
    pads: { int: [top, bottom, left, right] },
  }
}

/** The last axis across, all others down. */
function asMatrix(backend: NodeBackend, handle: Handle): Handle {
  return reshape(backend, handle, [-1, handle.shape.at(-1)!])
}

function matMul(
  backend: NodeBackend,
  factors: Handle[],
  { transposeA = false, transposeB = false }: { transposeA?: boolean; transposeB?: boolean },
): Handle {
  const attributes = { T: { type: factors[0]!.type }, transpose_a: transposeA, transpose_b: transposeB }
  return runOp(backend, 'MatMul', factors, 1, attributes)[0]!
}
