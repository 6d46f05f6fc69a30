/** What label smoothing asks of a tensor library. `tf` has it. */
export interface SmoothingOps<T> {
  mul(x: T, factor: number): T
  add(x: T, term: number): T
}

export interface SmoothLabelsOptions {
  /** ε in [0, 1]. @default 0.1, as in the paper */
  epsilon?: number
  /** Who shares ε: the other classes, ε/(K-1) each, or all of them, ε/K each. @default 'others', as in the paper */
  spread?: 'others' | 'all'
}

/**
 * Moves a little probability from the true class to the other classes.
 *
 * A network cannot reach probability 1 and grows its logits without end in trying. With K = `classes` the true class
 * gets `1 - ε` and each other `ε / (K - 1)`; with `spread: 'all'` it is `(1 - ε) · oneHot + ε / K`.
 * Labels that are soft already, such as mixup's, stay mixed in the same proportion.
 *
 * @param oneHot Labels of any rank whose last axis has `classes` entries; each row sums to 1, before and after.
 *
 * @example
 * smoothLabels(tf, tf.oneHot([1], 4), 4, { spread: 'all' }) // => [[0.025, 0.925, 0.025, 0.025]]
 *
 * He et al., 2018, section 5.2; 'all' is Szegedy et al., 2016, torch, timm, optax and the authors' own code.
 */
export function smoothLabels<T>(
  ops: SmoothingOps<NoInfer<T>>,
  oneHot: T,
  classes: number,
  options: SmoothLabelsOptions = {},
): T {
  const { on, off } = smoothing(classes, options)
  const { shape } = oneHot as { shape?: readonly number[] }
  if (shape !== undefined && shape.at(-1) !== classes) {
    throw new RangeError(`smoothLabels: oneHot must have ${classes} entries on its last axis, got shape [${shape}]`)
  }
  return ops.add(ops.mul(oneHot, on - off), off)
}

/**
 * Gives the two values of a smoothed label, for libraries whose one-hot takes them.
 *
 * @param classes K, 2 or more.
 *
 * @example
 * const { on, off } = smoothing(5)
 * tf.oneHot([2], 5, on, off, 'float32') // => [[0.025, 0.025, 0.9, 0.025, 0.025]]
 */
export function smoothing(
  classes: number,
  { epsilon = 0.1, spread = 'others' }: SmoothLabelsOptions = {},
): { on: number; off: number } {
  if (!(Number.isInteger(classes) && classes >= 2)) {
    throw new RangeError(`smoothing: classes must be a whole number, 2 or more, got ${classes}`)
  }
  if (!(Number.isFinite(epsilon) && epsilon >= 0 && epsilon <= 1)) {
    throw new RangeError(`smoothing: epsilon must be in [0, 1], got ${epsilon}`)
  }
  if (spread === 'others') return { on: 1 - epsilon, off: epsilon / (classes - 1) }
  if (spread === 'all') return { on: 1 - epsilon + epsilon / classes, off: epsilon / classes }
  throw new RangeError(`smoothing: spread must be 'others' or 'all', got ${String(spread)}`)
}
