import * as tf from '@tensorflow/tfjs-node'
import { expect } from 'vitest'
import { loadFusedOps } from '../index'

/** TensorFlow's numbers for what an op's attributes name. */
const types = { float32: 1, uint8: 4, bfloat16: 14, float16: 19 }
type Type = keyof typeof types
export type Precision = Exclude<Type, 'uint8'>
export const precisions: Precision[] = ['float32', 'bfloat16', 'float16']

interface Binding {
  createTensor(shape: number[], type: number, values: Float32Array | Int32Array | Uint8Array): number
  executeOp(op: string, attributes: object[], ids: number[], outputs: number): Handle[]
  tensorDataSync(id: number): Float32Array
  [name: `TF_${string}`]: number
}

/** A tensor of TensorFlow's own, outside tfjs, which knows no half precisions. */
export interface Handle {
  id: number
  shape: number[]
}

export interface Attributes {
  types?: Record<string, Type>
  ints?: Record<string, number | readonly number[]>
  floats?: Record<string, number | readonly number[]>
  bools?: Record<string, boolean | readonly boolean[]>
}

const { binding } = tf.backend() as unknown as { binding: Binding }

/** Runs an op by name; TensorFlow's error becomes one that is its message alone. */
export function execute(op: string, attributes: Attributes, inputs: Handle[], outputs: number): Handle[] {
  expect(loadFusedOps(tf)).toEqual({ loaded: true })
  const tagged = (values: object = {}, tag: string) =>
    Object.entries(values).map(([name, value]) => ({ name, type: binding[`TF_ATTR_${tag}`], value }))
  const list = [
    ...tagged(attributes.types, 'TYPE').map((entry) => ({ ...entry, value: types[entry.value as Type] })),
    ...tagged(attributes.ints, 'INT'),
    ...tagged(attributes.floats, 'FLOAT'),
    ...tagged(attributes.bools, 'BOOL'),
  ]
  try {
    const ids = inputs.map(({ id }) => id)
    return binding.executeOp(op, list, ids, outputs)
  } catch (error) {
    throw new Error((error as Error).message.replace(/^Invalid TF_Status: \d+\nMessage: /, ''))
  }
}

/** Hands an array over as it is, without a copy. */
export function createTensor(values: Float32Array | Int32Array): Handle {
  const type = values instanceof Int32Array ? binding.TF_INT32! : types.float32
  return { id: binding.createTensor([values.length], type, values), shape: [values.length] }
}

export function upload(values: ArrayLike<number>, shape: readonly number[], precision: Precision = 'float32'): Handle {
  const id = binding.createTensor([...shape], types.float32, Float32Array.from(values))
  return cast({ id, shape: [...shape] }, 'float32', precision)
}

export function uploadBytes(values: ArrayLike<number>, shape: readonly number[]): Handle {
  return { id: binding.createTensor([...shape], binding.TF_UINT8!, Uint8Array.from(values)), shape: [...shape] }
}

export function download(handle: Handle, precision: Type = 'float32'): Float32Array {
  return binding.tensorDataSync(cast(handle, precision, 'float32').id)
}

function cast(handle: Handle, from: Type, to: Type): Handle {
  if (from === to) return handle
  return execute('Cast', { types: { SrcT: from, DstT: to }, bools: { Truncate: false } }, [handle], 1)[0]!
}
