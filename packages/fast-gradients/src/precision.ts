import { readFileSync } from 'node:fs'
import type * as core from '@tensorflow/tfjs-core'
import { BFLOAT16, FLOAT, HALF, type NodeBackend } from './backend'
import { requireNodeBackend } from './tensorflow'
import { Value } from './value'

export type HalfPrecision = 'bfloat16' | 'float16'

const types = { bfloat16: BFLOAT16, float16: HALF } as const
const scopes = new WeakMap<object, number>()

/**
 * Runs `f` with every native kernel of this package computing in half precision.
 *
 * The scope itself only: `autocast` of @bag-of-tricks/autocast builds on it, and is what to call. What `f` returns, tensors in arrays
 * and objects included, is float32 for good. Backward passes need no scope: they compute in the type of what the forward pass left.
 *
 * @example
 * withPrecision(tf, 'bfloat16', () => tf.relu(tf.tensor1d([-1, 2]))).dataSync() // => [0, 2]
 */
export function withPrecision<T>(
  tf: { getBackend(): string; backend(): object; tensor_util: Pick<typeof core.tensor_util, 'getTensorsInContainer'> },
  precision: HalfPrecision,
  f: () => T,
): T {
  requireNodeBackend(tf, 'withPrecision')
  if (!Object.hasOwn(types, precision)) {
    throw new RangeError(`withPrecision: precision must be bfloat16 or float16, got ${precision}`)
  }
  const backend = tf.backend() as NodeBackend
  const outer = scopes.get(backend)
  scopes.set(backend, types[precision])
  try {
    const result = f()
    for (const tensor of tf.tensor_util.getTensorsInContainer(result as core.TensorContainer)) settle(backend, tensor)
    return result
  } finally {
    if (outer === undefined) scopes.delete(backend)
    else scopes.set(backend, outer)
  }
}

/** Leaves alone what is no value of ours: disposed, or not touched by any kernel of this package. */
function settle({ tensorMap }: NodeBackend, { dataId }: core.Tensor): void {
  const value = tensorMap.has(dataId) && tensorMap.get(dataId)
  if (value instanceof Value) value.settle()
}

/** The type in which an op computes: that of the scope, else half where an input came about in half, else float32. */
export function computeType(backend: NodeBackend, ...inputs: readonly Value[]): number {
  return scopes.get(backend) ?? inputs.find(({ type }) => type !== FLOAT)?.type ?? FLOAT
}

/**
 * The type of the multiplications in a convolution or matrix product on half tensors.
 *
 * The products of half numbers are exact in float32 and summed in float32 either way, so this is a matter of speed: where
 * the processor's float32 units are faster than its half ones, tensors are widened for the op and rounded after it.
 */
export function productType(backend: NodeBackend, type: number): number {
  return type === FLOAT || backend.isUsingGpuDevice || (type === BFLOAT16 && hasFastBfloat16()) ? type : FLOAT
}

/**
 * Says whether the device multiplies in a half precision faster than in float32. Where it does not, half precision saves memory only.
 *
 * @example
 * multipliesFast(tf, 'float16') // => false
 */
export function multipliesFast(tf: { getBackend(): string; backend(): object }, precision: HalfPrecision): boolean {
  requireNodeBackend(tf, 'multipliesFast')
  return productType(tf.backend() as NodeBackend, types[precision]) !== FLOAT
}

let fastBfloat16: boolean | undefined

/** AMX multiplies bfloat16 many times as fast as float32, AMD's AVX-512 twice; Intel's without AMX is the slower one. */
function hasFastBfloat16(): boolean {
  fastBfloat16 ??= readFastBfloat16(processorInformation())
  return fastBfloat16
}

export function readFastBfloat16(information: string): boolean {
  const flags = /^flags\s*:\s*(.*)$/m.exec(information)?.[1]?.split(' ') ?? []
  return flags.includes('amx_bf16') || (flags.includes('avx512_bf16') && /AuthenticAMD/.test(information))
}

function processorInformation(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8')
  } catch {
    return ''
  }
}
