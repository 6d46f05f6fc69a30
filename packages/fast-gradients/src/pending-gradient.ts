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

function inType(backend: NodeBackend, handle: Handle, type: number): Handle {
  return handle.type === type ? handle.retain() : cast(backend, handle, type)
}

/** A gradient, or the sum of two, masked by a ReLU: the batch norm before the ReLU takes both along into its own backward pass. */
export class PendingMask implements Pending {
  readonly type: number

  constructor(
    private readonly backend: NodeBackend,
    private readonly terms: Handle[],
    private readonly y: Handle,
  ) {
    this.type = terms[0]!.type
  }

  parts(type: number, maskType: number): { terms: Handle[]; mask: Handle[] } {
    const terms = this.terms.map((term) => inType(this.backend, term, type))
    return { terms, mask: [inType(this.backend, this.y, maskType)] }
  }

  run(): Handle {
    const { backend, terms, y, type } = this
    const [dy, other] = terms.map((term) => inType(backend, term, type))
    return masked(backend, 'ReluGrad', other ? sum(backend, dy!, other) : dy!, inType(backend, y, type))
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
    return this.terms.map((term) => inType(this.backend, term, type))
  }

  run(): Handle {
    return sum(this.backend, this.terms[0].retain(), this.terms[1].retain())
  }

  release(): void {
    for (const term of this.terms) term.release()
  }
}
