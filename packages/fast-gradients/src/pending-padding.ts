import type { NodeBackend } from './backend'
import type { Handle } from './handle'
import { type Paddings, pad } from './kernels/reshaping'
import type { Pending } from './value'

/** A picture that will be surrounded by zeros, unless max pooling pads by itself. */
export class PendingPad implements Pending {
  readonly type: number

  constructor(
    private readonly backend: NodeBackend,
    readonly x: Handle,
    readonly paddings: Paddings,
  ) {
    this.type = x.type
  }

  run(): Handle {
    return pad(this.backend, this.x, this.paddings)
  }

  release(): void {
    this.x.release()
  }
}

/** The gradient in a padded picture, known inside the padding: all that the gradient of the padding reads. */
export class PendingUnpad extends PendingPad {
  /** Gives the inside if a slice asks for just that. */
  inside(begin: readonly number[], size: readonly number[]): Handle | undefined {
    const asked = begin.every((at, i) => at === this.paddings[i]![0] && size[i] === this.x.shape[i])
    return asked ? this.x.retain() : undefined
  }
}
