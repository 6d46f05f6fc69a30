import { decimal, duration, fixed, percent } from '../format'
import type { StepRecord } from '../records'
import { movingMean } from './averages'
import { bar, type Field, fit } from './fit'

const WIDEST_BAR = 28
const NARROWEST_BAR = 6

/** '  59 min 59 s left', and the gap before the bar. */
const ROOM_FOR_TIME = 20

export interface ProgressLine {
  add(step: StepRecord, now: number): void
  /** The line in at most `width` columns; with a bar where one fits, if asked for. */
  text(width: number, withBar: boolean): string
}

/** Follows the steps of a run and tells in one line where it is. */
export function progressLine(epochs: number, stepsPerEpoch: number, steps: number): ProgressLine {
  const loss = movingMean(50)
  const accuracy = movingMean(50)
  const speed = movingMean(20)
  let first: { step: number; time: number } | undefined
  let latest: StepRecord | undefined
  let left = Number.NaN

  function add(step: StepRecord, now: number): void {
    loss.add(step.loss)
    accuracy.add(step.accuracy)
    speed.add(step.imagesPerSecond)
    latest = step
    first ??= { step: step.step, time: now }
    // Over all since the first step, evaluations too: they will come again.
    const perStep = (now - first.time) / (step.step - first.step)
    left = perStep * Math.max(0, steps - step.step - 1)
  }

  function text(width: number, withBar: boolean): string {
    if (latest === undefined) return ''
    const { epoch, step, rate } = latest
    // The last epoch may be a short one.
    const inEpoch = Math.min(stepsPerEpoch, steps - epoch * stepsPerEpoch)
    const done = Math.min(step - epoch * stepsPerEpoch + 1, inEpoch)
    const shown = accuracy.value()
    const fields: Field[] = [
      { text: `epoch ${epoch + 1}/${epochs}`, rank: 8 },
      { text: `${String(done).padStart(String(stepsPerEpoch).length)}/${inEpoch}`, rank: 2 },
      { text: `loss ${fixed(loss.value())}`, rank: 7 },
      { text: Number.isNaN(shown) ? '' : `acc ${percent(shown, 1)}`, rank: 5 },
      // Of one width, as far as it goes, so that the bar does not change its own with every step.
      { text: `rate ${withBar ? decimal(rate).padEnd(7) : decimal(rate)}`, rank: 1 },
      { text: `${decimal(speed.value())} img/s`, rank: 4 },
    ]
    if (withBar) {
      const room = width - fit(fields, Number.POSITIVE_INFINITY).length - ROOM_FOR_TIME
      const columns = Math.min(WIDEST_BAR, Math.max(NARROWEST_BAR, room))
      fields.splice(1, 0, { text: bar(done / inEpoch, columns), rank: 3 })
    }
    fields.push({ text: Number.isNaN(left) ? '' : `${duration(left)} left`, rank: 6 })
    return fit(fields, width)
  }

  return { add, text }
}
