export interface CosineOptions {
  /** Rate at `steps` and ever after, at most `base`. @default 0, as in the paper */
  end?: number
}

/**
 * Lowers the learning rate along half a cosine wave.
 *
 * Slow at first, almost linear in the middle, slow at the end: most of the training runs at a rate that still moves,
 * and there are no drops to place. With η = `base`, step t of T = `steps` gives `½ (1 + cos(π t / T)) · η`: step 0
 * gives η, step T gives `end`, and so does every later step (it never rises again).
 *
 * @param base Peak rate η, 0 or more.
 * @param steps Length T in updates, 1 or more, counted from the end of the warmup if there is one.
 *
 * @example
 * [0, 25, 50, 100, 101].map(cosine(0.4, 100)) // => [0.4, 0.34142136, 0.2, 0, 0]
 *
 * He et al., 2018, section 5.1, after Loshchilov and Hutter, 2016, without restarts.
 */
export function cosine(base: number, steps: number, { end = 0 }: CosineOptions = {}): (step: number) => number {
  if (!(Number.isFinite(base) && base >= 0)) {
    throw new RangeError(`cosine: base must be a number, 0 or more, got ${base}`)
  }
  if (!(Number.isFinite(steps) && steps >= 1)) {
    throw new RangeError(`cosine: steps must be a number, 1 or more, got ${steps}`)
  }
  if (!(Number.isFinite(end) && end >= 0 && end <= base)) {
    throw new RangeError(`cosine: end must be in [0, base] = [0, ${base}], got ${end}`)
  }

  return (step) => {
    if (!(Number.isFinite(step) && step >= 0)) {
      throw new RangeError(`cosine: step must be a number, 0 or more, got ${step}`)
    }
    const share = (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps)) / 2
    return share * base + (1 - share) * end
  }
}
