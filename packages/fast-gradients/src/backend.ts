import type * as core from '@tensorflow/tfjs-core'

/** The native side of tfjs-node; its published types leave it out. */
export interface Binding {
  readonly TF_ATTR_TYPE: number
  readonly TF_ATTR_INT: number
  readonly TF_ATTR_FLOAT: number
  readonly TF_ATTR_STRING: number
  readonly TF_ATTR_BOOL: number
  executeOp(op: string, attributes: object[], inputs: number[], outputs: number): OpOutput[]
  createTensor(shape: readonly number[], type: number, values: ArrayBufferView): number
  deleteTensor(id: number): void
}

interface OpOutput {
  id: number
  shape: number[]
  dtype: number
}

/** What tfjs-node keeps for a tensor: a native handle, or values that no op has asked for yet. */
export interface TensorRecord {
  readonly shape: readonly number[]
  readonly dtype: number
  readonly id: number
  readonly values: ArrayBufferView | null
  refCount: number
}

/** The part of tfjs-node's backend used here. */
export interface NodeBackend {
  readonly binding: Binding
  readonly isUsingGpuDevice: boolean
  readonly tensorMap: {
    has(dataId: core.DataId): boolean
    get(dataId: core.DataId): TensorRecord
    set(dataId: core.DataId, record: TensorRecord): void
    delete(dataId: core.DataId): boolean
  }
  incRef(dataId: core.DataId): void
  disposeData(dataId: core.DataId, force?: boolean): boolean
  applyActivation(
    input: core.Tensor,
    activation?: string,
    prelu?: core.TensorInfo,
    leakyreluAlpha?: number,
  ): core.Tensor
}

/** TensorFlow's numbers for its types. */
export const FLOAT = 1
export const INT32 = 3
export const UINT8 = 4
export const BOOL = 10
export const BFLOAT16 = 14
export const HALF = 19
