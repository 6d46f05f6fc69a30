import type { NodeBackend } from './backend'
import { type Handle, using } from './handle'
import { cast, runOp } from './op'
import type { Pending } from './value'

/** Passes dy on where y, what the ReLU gave, is not cut off. Takes its inputs over. */
export function masked(backend: NodeBackend, op: string, dy: Handle, y: Handle): Handle {
  return using([dy, y], () => runOp(backend, op, [dy, y], 1, { T: { type: y.type } })[0]!)
}

/** Adds two handles, which it takes over. */
export function sum(backend: NodeBackend, a: Handle, b: Handle): Handle {
  return using([a, b], () => runOp(backend, 'AddV2', [a, b], 1, { T: { type: a.type } })[0]!)
}

/** A gradient masked by a ReLU, which the batch norm before the ReLU takes along into its own backward pass. */
export class PendingMask implements Pending {
  readonly type: number

  constructor(
    private readonly backend: NodeBackend,
    private readonly terms: Handle[],
    private readonly y: Handle,
  ) {
    this.type = y.type
  }

  parts(type: number): { terms: Handle[]; mask: Handle[] } {
    if (type !== this.type) {
      const handle = this.run()
      return { terms: [using([handle], () => cast(this.backend, handle, type))], mask: [] }
    }
    return { terms: this.terms.map((term) => term.retain()), mask: [this.y.retain()] }
  }

  run(): Handle {
    const { backend, terms, y } = this
    const [dy, other] = terms.map((term) => term.retain())
    return masked(backend, 'ReluGrad', other ? sum(backend, dy!, other) : dy!, y.retain())
  }

  release(): void {
    for (const handle of [...this.terms, this.y]) handle.release()
  }
}

/** The sum of two gradients where paths meet, which the ReLU's backward pass takes along. */
export class PendingSum implements Pending {
  readonly type: number

  constructor(
    private readonly backend: NodeBackend,
    private readonly terms: readonly [Handle, Handle],
  ) {
    this.type = terms[0].type
  }

  parts(type: number): Handle[] {
    return this.terms.map((term) => (term.type === type ? term.retain() : cast(this.backend, term, type)))
  }

  run(): Handle {
    return sum(this.backend, this.terms[0].retain(), this.terms[1].retain())
  }

  release(): void {
    for (const term of this.terms) term.release()
  }
}
