import type * as core from '@tensorflow/tfjs-core'
import { FLOAT, type NodeBackend, type TensorRecord } from './backend'
import { Handle } from './handle'
import { cast } from './op'

/** A result that waits for what is done with it, so that both can run as one op. */
export interface Pending {
  /** Type in which it will be computed. */
  readonly type: number
  /** Computes it alone. The caller owns the result. */
  run(): Handle
  /** Lets go of its inputs. */
  release(): void
}

/**
 * What the backend holds for one tensor in place of tfjs-node's own record: a float32 handle, one in half precision,
 * both, or a pending op.
 *
 * To tfjs it is float32 always: whoever asks for `id`, as all of tfjs-node's own kernels do, gets a float32 handle, computed
 * or converted now.
 */
export class Value implements TensorRecord {
  readonly dtype = FLOAT
  readonly values = null
  refCount = 1
  /** A gradient that will be added to another one, or be masked: an addition with it can wait. */
  addend = false
  /** What a backward pass needs beside the value: the cells that max pooling took. */
  companion?: Handle
  private half?: Handle
  private float?: Handle

  constructor(
    private readonly backend: NodeBackend,
    readonly shape: readonly number[],
    /** How it came about; undefined once it is computed. */
    public pending: Pending | undefined,
    computed?: Handle,
  ) {
    if (computed) this.store(computed)
    this.type = pending?.type ?? computed?.type ?? FLOAT
  }

  /** The type in which it was computed: half or float32. */
  type: number

  get id(): number {
    return this.floatHandle().id
  }

  /** Gives the value in a type, converted for this use where it is held in another one. The caller owns it. */
  as(type: number): Handle {
    this.compute()
    const held = type === FLOAT ? this.float : this.half?.type === type ? this.half : undefined
    return held?.retain() ?? cast(this.backend, (this.float ?? this.half)!, type)
  }

  /** As `as`, and keeps what it converted for the next use: weights are read forward and backward. */
  keepAs(type: number): Handle {
    const handle = this.as(type)
    if (type === FLOAT ? !this.float : this.half?.type !== type) this.store(handle.retain())
    return handle
  }

  /** The half type in which a copy is kept beside the float32 numbers. */
  get halfType(): number | undefined {
    return this.half?.type
  }

  /** Takes the same numbers in another type over. */
  keep(copy: Handle): void {
    this.store(copy)
  }

  /** Takes a handle computed elsewhere, in place of the pending op. */
  resolve(computed: Handle): void {
    this.pending?.release()
    this.pending = undefined
    this.store(computed)
  }

  /** Turns a half value into a float32 one for good. */
  settle(): void {
    this.floatHandle()
    this.half?.release()
    this.half = undefined
    this.type = FLOAT
  }

  release(): void {
    this.pending?.release()
    this.float?.release()
    this.half?.release()
    this.companion?.release()
    this.pending = this.float = this.half = this.companion = undefined
  }

  private floatHandle(): Handle {
    this.compute()
    this.float ??= cast(this.backend, this.half!, FLOAT)
    return this.float
  }

  private compute(): void {
    if (this.pending) this.resolve(this.pending.run())
  }

  private store(handle: Handle): void {
    if (handle.type === FLOAT) this.float = handle
    else {
      this.half?.release()
      this.half = handle
    }
  }
}

/** Gives the value behind a float32 tensor, after taking tfjs-node's own record over. */
export function nativeValue(backend: NodeBackend, { dataId }: core.TensorInfo): Value {
  const record = backend.tensorMap.get(dataId)
  if (record instanceof Value) return record
  const { shape, dtype, values, refCount } = record
  // Values that no op has asked for yet live in JavaScript only.
  const id = values ? backend.binding.createTensor(shape, dtype, values) : record.id
  const value = new Value(backend, shape, undefined, new Handle(backend, id, dtype, shape))
  value.refCount = refCount
  // tfjs counts what is set, also where it replaces something.
  backend.tensorMap.delete(dataId)
  backend.tensorMap.set(dataId, value)
  return value
}

/** Hands a value to tfjs as the result of a kernel. */
export function emit(backend: NodeBackend, value: Value): core.TensorInfo {
  const dataId = {}
  backend.tensorMap.set(dataId, value)
  return { dataId, shape: [...value.shape], dtype: 'float32' }
}

/** Hands a computed result to tfjs. */
export function emitHandle(backend: NodeBackend, handle: Handle): core.TensorInfo {
  return emit(backend, new Value(backend, handle.shape, undefined, handle))
}

const releasing = new WeakSet<NodeBackend>()

/** Teaches the backend to free values; for good, since some outlive `disableFastGradients`. */
export function holdValues(backend: NodeBackend): void {
  if (releasing.has(backend)) return
  releasing.add(backend)
  const { disposeData } = backend
  backend.disposeData = function (dataId, force = false) {
    const value = this.tensorMap.has(dataId) && this.tensorMap.get(dataId)
    if (!(value instanceof Value)) return disposeData.call(this, dataId, force)
    if (--value.refCount > 0 && !force) return false
    value.release()
    return this.tensorMap.delete(dataId)
  }
}
