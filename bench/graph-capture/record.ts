import type * as core from '@tensorflow/tfjs-core'
import type { Attribute, RecordedTensor, Recording } from './recording'

export type TensorFlow = Pick<typeof core, 'backend' | 'tidy'>

type Tape = Pick<Recording, 'constants' | 'ops'>

/** The part of tfjs-node's kernel backend used here; its published types leave it out. */
interface NodeBackend {
  binding: {
    executeOp(type: string, attributes: Attribute[], inputs: number[], outputs: number): RecordedTensor[]
    createTensor(shape: number[], dtype: number, values: ArrayBufferView): number
    tensorDataSync(id: number): unknown
  }
  getInputTensorIds(tensors: core.TensorInfo[]): number[]
  getDTypeInteger(dtype: core.DataType): number
  write(values: object, shape: number[], dtype: core.DataType): object
  tensorMap: { get(dataId: object): { values?: ArrayBufferView | null } }
}

/**
 * Runs a step once and writes down every TensorFlow op that it executes, whoever asks for it: kernels, gradients, layers.
 *
 * Only `inputs` can differ in later calls. All else must be made inside the step and becomes a constant: shapes, axes,
 * numbers in the code. What would go wrong unnoticed is refused: a tensor from outside that is not listed, whose value would
 * freeze, and reading a tensor, since later calls could not take another branch.
 */
export function record(tf: TensorFlow, step: () => core.Tensor[], inputs: core.Tensor[]): Recording {
  const backend = tf.backend() as unknown as NodeBackend
  const before = describe(backend, inputs)
  const tape: Tape = { constants: [], ops: [] }
  const stop = listen(backend, new Set(before.map(({ id }) => id)), tape)
  try {
    const results = tf.tidy(step)
    const after = describe(backend, inputs)
    const assigned = [...inputs.keys()].filter((i) => after[i]!.id !== before[i]!.id)
    const outputs = [...describe(backend, results), ...assigned.map((i) => after[i]!)]
    return { inputs: before, ...tape, outputs, assigned, results }
  } finally {
    stop()
  }
}

function describe(backend: NodeBackend, tensors: core.Tensor[]): RecordedTensor[] {
  const ids = backend.getInputTensorIds(tensors)
  return tensors.map(({ dtype, shape }, i) => ({ id: ids[i]!, dtype: backend.getDTypeInteger(dtype), shape }))
}

/** Stands between the backend and its binding, whose own functions are read-only, until the function it returns is called. */
function listen(backend: NodeBackend, known: Set<number>, { constants, ops }: Tape): () => void {
  const { binding, write, tensorMap } = backend
  const { get } = tensorMap
  const made = new WeakSet<object>()
  const frozen = new WeakSet<object>()
  const listening: NodeBackend['binding'] = {
    executeOp(type, attributes, inputs, count) {
      if (!inputs.every((id) => known.has(id)))
        throw new Error(`record: ${type} takes a tensor that the step did not make and that is not among the inputs`)
      const outputs = binding.executeOp(type, attributes, inputs, count)
      for (const { id } of outputs) known.add(id)
      ops.push({ type, attributes, inputs: [...inputs], outputs })
      return outputs
    },
    createTensor(shape, dtype, values) {
      if (frozen.has(values))
        throw new Error(`record: the step takes a tensor of shape [${shape}] that is not among the inputs`)
      const id = binding.createTensor(shape, dtype, values)
      known.add(id)
      const { buffer, byteOffset, byteLength } = values
      constants.push({ id, dtype, shape: [...shape], content: new Uint8Array(buffer, byteOffset, byteLength).slice() })
      return id
    },
    tensorDataSync() {
      throw new Error('record: the step reads the values of a tensor')
    },
  }
  backend.binding = Object.setPrototypeOf(listening, binding)
  backend.write = (values, shape, dtype) => {
    const dataId = write.call(backend, values, shape, dtype)
    made.add(dataId)
    return dataId
  }
  // tfjs-node uploads values when they are first used, which can be long after the tensor was made.
  tensorMap.get = (dataId) => {
    const record = get.call(tensorMap, dataId)
    if (record.values && !made.has(dataId)) frozen.add(record.values)
    return record
  }
  return () => {
    Object.assign(backend, { binding, write })
    tensorMap.get = get
  }
}
