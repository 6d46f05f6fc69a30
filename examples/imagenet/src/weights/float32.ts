import type { TensorData } from '@bag-of-tricks/checkpoint'
import { UsageError } from '../errors'

type Float32Tensor = Extract<TensorData, { dtype: 'F32' }>

/** Gives a tensor in float32: float16 and bfloat16 exactly, float64 rounded. Other types, and values not finite, are refused. */
export function toFloat32(tensor: TensorData, label: string): Float32Tensor {
  const data = convert(tensor, label)
  const wrong = data.findIndex((value) => !Number.isFinite(value))
  if (wrong >= 0) throw new UsageError(`${label} is not finite: value ${wrong} is ${data[wrong]}`)
  return { dtype: 'F32', shape: tensor.shape, data }
}

function convert(tensor: TensorData, label: string): Float32Array {
  if (tensor.dtype === 'F32') return tensor.data
  if (tensor.dtype === 'F64') return Float32Array.from(tensor.data)
  // A bfloat16 is the upper half of a float32.
  if (tensor.dtype === 'BF16') return new Float32Array(Uint32Array.from(tensor.data, (bits) => bits << 16).buffer)
  if (tensor.dtype === 'F16') return Float32Array.from(tensor.data, halfToNumber)
  throw new UsageError(`${label} must be F32, F64, F16 or BF16, got ${tensor.dtype}`)
}

/** IEEE 754 binary16: a sign, five bits of exponent, ten of fraction. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24)
}
