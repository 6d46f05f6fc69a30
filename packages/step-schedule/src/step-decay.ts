export interface StepDecayOptions {
  /** What each milestone multiplies the rate by, in (0, 1]. @default 0.1, as in the paper */
  factor?: number
}

/**
 * Lowers the learning rate at chosen steps and holds it in between.
 *
 * The classic recipe: `base · factor^n`, where n counts the milestones at or before the step, so that the step of a
 * milestone already has the lower rate.
 *
 * @param base Rate before the first milestone, 0 or more.
 * @param milestones Steps, none before the last, counted from the end of the warmup if there is one. A step that stands there
 *   twice counts twice; none gives a constant rate.
 *
 * @example
 * [0, 29, 30, 60, 90].map(stepDecay(1, [30, 60, 90])) // => [1, 1, 0.1, 0.01, 0.001]
 *
 * He et al., 2018, section 2.1: divided by 10 at epochs 30, 60 and 90; torch's MultiStepLR.
 */
export function stepDecay(
  base: number,
  milestones: readonly number[],
  { factor = 0.1 }: StepDecayOptions = {},
): (step: number) => number {
  if (!(Number.isFinite(base) && base >= 0)) {
    throw new RangeError(`stepDecay: base must be a number, 0 or more, got ${base}`)
  }
  if (!Array.isArray(milestones)) {
    throw new TypeError(`stepDecay: milestones must be an array of steps, got ${String(milestones)}`)
  }
  if (
    !milestones.every(
      (milestone, i) => Number.isFinite(milestone) && (i === 0 ? milestone >= 0 : milestone >= milestones[i - 1]!),
    )
  ) {
    throw new RangeError(`stepDecay: milestones must not fall, from 0 or more, got [${milestones.join(', ')}]`)
  }
  if (!(Number.isFinite(factor) && factor > 0 && factor <= 1)) {
    throw new RangeError(`stepDecay: factor must be above 0 and at most 1, got ${factor}`)
  }
  const drops = [...milestones]

  return (step) => {
    if (!(Number.isFinite(step) && step >= 0)) {
      throw new RangeError(`stepDecay: step must be a number, 0 or more, got ${step}`)
    }
    return base * factor ** drops.filter((milestone) => milestone <= step).length
  }
}
