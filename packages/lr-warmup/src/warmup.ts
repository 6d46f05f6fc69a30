export interface WarmupOptions {
  /** Rate from which the ramp rises, at most η; no step has it, the first is one notch above. @default 0, as in the paper */
  from?: number
}

/**
 * Puts a linear ramp before a schedule.
 *
 * Early gradients of a fresh network are large and point anywhere; small first steps keep it from diverging.
 * With η = `schedule(0)` and m = `steps`, step i is `from + (η - from) · (i + 1) / m`: step 0 gives η/m, step m - 1
 * gives η. Step m is step 0 of `schedule`, which so never learns that there was a ramp.
 *
 * @param steps Updates in the ramp, 0 or more; the paper takes 5 epochs of them.
 * @param schedule Maps its own step, counted from the end of the ramp, to a rate. It is asked for η once, here.
 *
 * @example
 * [0, 1, 2, 3, 4].map(warmup(4, () => 0.4)) // => [0.1, 0.2, 0.3, 0.4, 0.4]
 *
 * He et al., 2018, section 3.1: batch i of the first m has rate i·η/m, for 1 ≤ i ≤ m.
 */
export function warmup(
  steps: number,
  schedule: (step: number) => number,
  { from = 0 }: WarmupOptions = {},
): (step: number) => number {
  if (!(Number.isInteger(steps) && steps >= 0)) {
    throw new RangeError(`warmup: steps must be a whole number, 0 or more, got ${steps}`)
  }
  if (typeof schedule !== 'function') {
    throw new TypeError(`warmup: schedule must be a function of the step, got ${String(schedule)}`)
  }
  const peak = schedule(0)
  if (!(Number.isFinite(peak) && peak >= 0)) {
    throw new RangeError(`warmup: schedule(0) must be a number, 0 or more, got ${peak}`)
  }
  if (!(Number.isFinite(from) && from >= 0 && from <= peak)) {
    throw new RangeError(`warmup: from must be in [0, schedule(0)] = [0, ${peak}], got ${from}`)
  }

  return (step) => {
    if (!(Number.isFinite(step) && step >= 0)) {
      throw new RangeError(`warmup: step must be a number, 0 or more, got ${step}`)
    }
    if (step >= steps) return schedule(step - steps)
    // Between the last step of the ramp and the first of the schedule, for callers that count in fractions.
    const progress = Math.min(1, (step + 1) / steps)
    return (1 - progress) * from + progress * peak
  }
}
