/**
 * Lists the element types of safetensors: bits of one element, and the array that holds them here.
 *
 * JavaScript has no 16-bit or 8-bit floats, so `F16` and `BF16` are held as the bits in a `Uint16Array` and the `F8`
 * types as the bits in a `Uint8Array`; `F4` and `F6` are packed bytes; `C64` alternates real and imaginary parts.
 *
 * The order is that of the reference implementation, which lays out a file by it, widest type first, so that every
 * tensor starts at a multiple of its element size.
 */
export const DTYPES = {
  BOOL: { bits: 8, array: Uint8Array },
  F4: { bits: 4, array: Uint8Array },
  F6_E2M3: { bits: 6, array: Uint8Array },
  F6_E3M2: { bits: 6, array: Uint8Array },
  U8: { bits: 8, array: Uint8Array },
  I8: { bits: 8, array: Int8Array },
  F8_E5M2: { bits: 8, array: Uint8Array },
  F8_E4M3: { bits: 8, array: Uint8Array },
  F8_E8M0: { bits: 8, array: Uint8Array },
  F8_E4M3FNUZ: { bits: 8, array: Uint8Array },
  F8_E5M2FNUZ: { bits: 8, array: Uint8Array },
  I16: { bits: 16, array: Int16Array },
  U16: { bits: 16, array: Uint16Array },
  F16: { bits: 16, array: Uint16Array },
  BF16: { bits: 16, array: Uint16Array },
  I32: { bits: 32, array: Int32Array },
  U32: { bits: 32, array: Uint32Array },
  F32: { bits: 32, array: Float32Array },
  C64: { bits: 64, array: Float32Array },
  F64: { bits: 64, array: Float64Array },
  I64: { bits: 64, array: BigInt64Array },
  U64: { bits: 64, array: BigUint64Array },
} as const

export type Dtype = keyof typeof DTYPES

/** Position in the reference implementation's order. */
export const dtypeRank = new Map(Object.keys(DTYPES).map((dtype, rank) => [dtype as Dtype, rank]))

/** The arrays over any buffer, which is what TensorFlow.js gives. */
interface Arrays {
  Uint8Array: Uint8Array
  Int8Array: Int8Array
  Int16Array: Int16Array
  Uint16Array: Uint16Array
  Int32Array: Int32Array
  Uint32Array: Uint32Array
  Float32Array: Float32Array
  Float64Array: Float64Array
  BigInt64Array: BigInt64Array
  BigUint64Array: BigUint64Array
}

/** `InstanceType` would give the array over a buffer that is its own. */
type ArrayName<D extends Dtype> = (typeof DTYPES)[D]['array']['prototype'][typeof Symbol.toStringTag]

/** One tensor: `dtype` decides the array type of `data` (see `DTYPES`), `shape` its length. */
export type TensorData = {
  [D in Dtype]: { dtype: D; shape: readonly number[]; data: Arrays[ArrayName<D>] }
}[Dtype]

export function isDtype(name: unknown): name is Dtype {
  return typeof name === 'string' && Object.hasOwn(DTYPES, name)
}

/** Bytes of a tensor; undefined where they are no whole number below 2^53 (or the shape is none). */
export function byteLength(dtype: Dtype, shape: readonly number[]): number | undefined {
  let bits: number = DTYPES[dtype].bits
  for (const size of shape) {
    bits *= size
    if (size < 0 || !Number.isSafeInteger(size) || !Number.isSafeInteger(bits)) return undefined
  }
  return bits % 8 === 0 ? bits / 8 : undefined
}
