import type { Log, StepFields } from '@bag-of-tricks/train-log'
import { DivergedError } from './errors'
import type { Precision } from './precision'

export interface StepJudge {
  /** Skipped steps since the last that was not. */
  readonly skippedInARow: number
  see(step: StepFields): void
}

export interface JudgeOptions {
  log: Log
  precision: Precision
  /** So many skipped steps in a row end the run. */
  maxSkipped: number
  /** Steps that were skipped in a row before the first one seen. */
  skippedBefore: number
}

/** Says which steps were skipped, and why; ends the run after `maxSkipped` in a row. */
export function stepJudge({ log, precision, maxSkipped, skippedBefore }: JudgeOptions): StepJudge {
  let inARow = skippedBefore
  return {
    get skippedInARow() {
      return inARow
    },
    see(fields) {
      const { step, rate, skipped } = fields
      if (!skipped) {
        inARow = 0
        return
      }
      inARow++
      const reason = whySkipped(fields, precision)
      log.event({ kind: 'skipped', step, message: `step ${step} skipped: ${reason}` })
      if (inARow < maxSkipped) return
      const advice = precision === 'float16' ? 'try bfloat16 or a lower rate.base' : 'try a lower rate.base'
      throw new DivergedError(
        `${inARow} steps in a row were skipped, the last at a learning rate of ${rate} because ${reason}: ${advice}`,
      )
    },
  }
}

function whySkipped({ loss, lossScale }: StepFields, precision: Precision): string {
  if (!Number.isFinite(loss)) return `the loss was ${loss} in ${precision}`
  if (lossScale !== undefined) return `float16 overflowed at a loss scale of ${lossScale}`
  return `a gradient was not finite in ${precision}, at a loss of ${loss}`
}
