import type { Log, StepFields } from '@bag-of-tricks/train-log'
import { DivergedError } from './errors'

export interface StepJudge {
  /** Skipped steps since the last that was not. */
  readonly skippedInARow: number
  see(step: StepFields): void
}

/** Says which steps were skipped; ends the run after `maxSkipped` in a row, and at a loss that is no number. */
export function stepJudge(log: Log, maxSkipped: number, skippedBefore: number): StepJudge {
  let inARow = skippedBefore

  function see({ step, loss, rate, lossScale, skipped }: StepFields): void {
    if (skipped) {
      inARow++
      log.event({
        kind: 'skipped',
        step,
        message: `step ${step} skipped: float16 overflowed at a loss scale of ${lossScale}`,
      })
      if (inARow < maxSkipped) return
      throw new DivergedError(
        `${inARow} steps in a row overflowed float16, the last at a loss scale of ${lossScale}: try bfloat16 or a lower rate.base`,
      )
    }
    inARow = 0
    if (!Number.isFinite(loss)) {
      throw new DivergedError(`the loss became ${loss} at step ${step} (learning rate ${rate}): try a lower rate.base`)
    }
  }

  return {
    get skippedInARow() {
      return inARow
    },
    see,
  }
}
