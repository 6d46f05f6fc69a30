import type { NodeBackend } from './backend'

/** A native tensor with as many owners as asked for it; the last one to let go frees it. */
export class Handle {
  owners = 1
  /** Whether its memory is TensorFlow's alone: that of an uploaded array is JavaScript's, and may be read there. */
  updatable = false

  constructor(
    private readonly backend: NodeBackend,
    readonly id: number,
    /** TensorFlow's number of the element type. */
    readonly type: number,
    readonly shape: readonly number[],
  ) {}

  retain(): this {
    this.owners++
    return this
  }

  release(): void {
    if (--this.owners === 0) this.backend.binding.deleteTensor(this.id)
  }
}

/** Runs `use` with handles that it may read, and lets go of them afterwards. */
export function using<R>(handles: readonly Handle[], use: () => R): R {
  try {
    return use()
  } finally {
    for (const handle of handles) handle.release()
  }
}
