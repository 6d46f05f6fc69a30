import type { Log, StepFields } from '@bag-of-tricks/train-log'
import { DivergedError } from './errors'

/** Says which steps were skipped; ends the run after `maxSkipped` in a row, and at a loss that is no number. */
export function stepJudge(log: Log, maxSkipped: number): (step: StepFields) => void {
  let inARow = 0
  return ({ step, loss, rate, lossScale, skipped }) => {
    if (skipped) {
      inARow++
      log.event({
        kind: 'skipped',
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
}
