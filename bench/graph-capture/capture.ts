import type * as core from '@tensorflow/tfjs-core'
import type { Addon, Handle } from './addon'
import { graphDef, inputName, outputName } from './graph-def'
import { record, type TensorFlow } from './record'
import type { Recording } from './recording'

/** A tensor in the addon's context. */
export interface Placed {
  handle: Handle
  /** A TF_DataType. */
  dtype: number
  shape: number[]
}

export interface Captured {
  recording: Recording
  /** Takes a value for each input; gives what the step returns, and behind it the new values of what the step assigns. */
  call(inputs: readonly Placed[], options?: { compile?: boolean }): Placed[]
}

let captures = 0

/**
 * Captures a step as one TensorFlow function; `compile` has XLA compile it at the first call.
 *
 * @param inputs The tensors and variables that may differ in a call; their shapes may not.
 *
 * @example
 * const captured = capture(tf, addon, () => [tf.add(x, x)], [x])
 * captured.call([upload(addon, y)], { compile: true })
 */
export function capture(tf: TensorFlow, addon: Addon, step: () => core.Tensor[], inputs: core.Tensor[]): Captured {
  const recording = record(tf, step, inputs)
  const name = `captured_${captures++}`
  const graph = graphDef(recording, (type) => new Uint8Array(addon.opDef(type)))
  addon.addFunction(name, graph, names(recording.inputs, inputName), names(recording.outputs, outputName))
  return {
    recording,
    call(values, { compile = false } = {}) {
      requireShapes(values, recording.inputs)
      const handles = values.map(({ handle }) => handle)
      const results = addon.call(name, handles, recording.outputs.length, compile)
      return recording.outputs.map(({ dtype, shape }, i) => ({ handle: results[i]!, dtype, shape }))
    },
  }
}

/** Sizes are written into the graph, where TensorFlow need not notice that they no longer fit. */
function requireShapes(values: readonly Placed[], recorded: Recording['inputs']): void {
  if (values.length !== recorded.length)
    throw new RangeError(`call: inputs must be ${recorded.length} tensors, got ${values.length}`)
  values.forEach(({ shape }, i) => {
    const expected = recorded[i]!.shape
    if (shape.join() !== expected.join())
      throw new RangeError(`call: input ${i} must have the recorded shape [${expected}], got [${shape}]`)
  })
}

const names = (list: readonly unknown[], name: (i: number) => string) => [...list.keys()].map(name)

const dtypes: Partial<Record<core.DataType, number>> = { float32: 1, int32: 3, bool: 10 }
const arrays: Record<number, new (buffer: ArrayBuffer) => ArrayLike<number>> = {
  1: Float32Array,
  3: Int32Array,
  10: Uint8Array,
}

/** Copies a tensor of tfjs into the addon's context. */
export function upload(addon: Addon, tensor: core.Tensor): Placed {
  const dtype = dtypes[tensor.dtype]
  if (dtype === undefined) throw new TypeError(`upload: tensor must hold numbers or booleans, got ${tensor.dtype}`)
  const { buffer, byteOffset, byteLength } = tensor.dataSync()
  const handle = addon.upload(dtype, tensor.shape, new Uint8Array(buffer, byteOffset, byteLength))
  return { handle, dtype, shape: tensor.shape }
}

/** Copies the values of a tensor out of the addon's context. */
export function download(addon: Addon, { handle, dtype }: Placed): ArrayLike<number> {
  return new arrays[dtype]!(addon.read(handle))
}
