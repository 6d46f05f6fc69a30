import type { NodeBackend } from './backend'
import { FLOAT } from './backend'
import { type Handle, using } from './handle'
import { runOp } from './op'
import type { Pending } from './value'

export interface NormInputs {
  x: Handle
  gamma: Handle
  beta: Handle
  movingMean: Handle
  movingVariance: Handle
}

/** Outputs of the op beside y: mean, 1/√(variance + ε), and the moved running statistics. */
export const statisticsOutputs = 4

/**
 * A batch normalization that has not run yet: it waits to see whether an addition and a ReLU follow.
 *
 * Then all of it is one pass over memory. Its statistics are pending too, on the same run.
 */
export class NormCall {
  /** Who may still want y, in whatever form, and who one of the statistics. */
  private readonly owners = { y: 0, statistics: 0 }
  private statistics?: Handle[]
  private released = false

  constructor(
    private readonly backend: NodeBackend,
    readonly inputs: NormInputs,
    private readonly epsilon: number,
    private readonly momentum: number,
  ) {}

  /** Runs it with what follows. The statistics stay those of the first run; a later one gives the same y. */
  run({ relu = false, side }: { relu?: boolean; side?: Handle } = {}): Handle {
    const { x, gamma, beta, movingMean, movingVariance } = this.inputs
    const inputs = [x, gamma, beta, movingMean, movingVariance, ...(side ? [side] : [])]
    const attributes = {
      T: { type: x.type },
      sides: { int: side ? 1 : 0 },
      epsilon: { float: this.epsilon },
      momentum: { float: this.momentum },
      relu,
    }
    const [y, ...statistics] = runOp(this.backend, 'BagOfTricksBatchNorm', inputs, 1 + statisticsOutputs, attributes)
    if (this.statistics) for (const handle of statistics) handle.release()
    else this.statistics = statistics
    return y!
  }

  statistic(index: number): Handle {
    if (!this.statistics) using([this.run()], () => {})
    return this.statistics![index]!.retain()
  }

  retain(what: 'y' | 'statistics'): void {
    this.owners[what]++
  }

  /** Lets go of the inputs with the last y: running statistics live on from step to step, activations must not. */
  release(what: 'y' | 'statistics'): void {
    this.owners[what]--
    const { y, statistics } = this.owners
    if (y === 0 && (this.statistics || statistics === 0) && !this.released) {
      this.released = true
      for (const handle of Object.values(this.inputs)) (handle as Handle).release()
    }
    if (y + statistics === 0) for (const handle of this.statistics ?? []) handle.release()
  }
}

/** The normalized batch, with what was added to it if anything was. */
export class PendingNorm implements Pending {
  readonly type: number

  constructor(
    readonly call: NormCall,
    readonly side?: Handle,
  ) {
    call.retain('y')
    this.type = call.inputs.x.type
  }

  run(): Handle {
    return this.call.run({ side: this.side })
  }

  runWithRelu(): Handle {
    return this.call.run({ relu: true, side: this.side })
  }

  release(): void {
    this.side?.release()
    this.call.release('y')
  }
}

/** One of the statistics. */
export class PendingStatistic implements Pending {
  readonly type = FLOAT

  constructor(
    private readonly call: NormCall,
    private readonly index: number,
  ) {
    call.retain('statistics')
  }

  run(): Handle {
    return this.call.statistic(this.index)
  }

  release(): void {
    this.call.release('statistics')
  }
}
