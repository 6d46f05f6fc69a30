/** What mixup asks of a tensor library; `gather` takes rows of the first axis. `tf` has it. */
export interface MixupOps<T> {
  mul(x: T, factor: number): T
  add(x: T, y: T): T
  gather(x: T, rows: number[]): T
}

/** Examples along the first axis: a tensor or an array. */
export type Batch = { readonly shape: readonly number[] } | { readonly length: number }

export interface MixupOptions {
  /** α of Beta(α, α), 0 or more; 0 mixes nothing, larger mixes more evenly. @default 0.2, as in the paper */
  alpha?: number
  /** Source of numbers uniform in [0, 1). @default Math.random */
  random?: () => number
  /** Weight of the original example, in [0, 1], instead of a draw. */
  lambda?: number
  /** Partner of each example, every row once, instead of a draw. */
  permutation?: readonly number[]
}

export interface Mixed<X, Y> {
  images: X
  labels: Y
  /** Weight λ of the original example. */
  lambda: number
  /** Row that was mixed into each row. */
  permutation: number[]
}

/**
 * Blends each example of a batch with another one, images and labels alike.
 *
 * The network sees points on the line between two examples and has to answer in between, which keeps it from learning
 * labels by heart: `x̂ᵢ = λ xᵢ + (1 - λ) xⱼ` and `ŷᵢ = λ yᵢ + (1 - λ) yⱼ`, with j = permutation[i] and one
 * λ ~ Beta(α, α) for the batch. λ is drawn first, then the permutation.
 *
 * @param images Batch of any rank, one or more examples along the first axis.
 * @param labels One-hot or soft labels of the same examples, not class numbers.
 *
 * @example
 * const x = tf.tensor2d([[0], [10]])
 * const y = tf.tensor2d([[1, 0], [0, 1]])
 * mixup(tf, x, y, { lambda: 0.75, permutation: [1, 0] }).images // => [[2.5], [7.5]]
 *
 * He et al., 2018, section 5.4, after Zhang et al., 2017.
 */
export function mixup<X extends Batch, Y extends Batch>(
  ops: MixupOps<NoInfer<X>> & MixupOps<NoInfer<Y>>,
  images: X,
  labels: Y,
  { alpha = 0.2, random = Math.random, lambda, permutation }: MixupOptions = {},
): Mixed<X, Y> {
  const size = batchSize(images)
  if (!(size > 0)) throw new RangeError(`mixup: images must be one or more along the first axis, got ${size}`)
  if (batchSize(labels) !== size) {
    throw new RangeError(`mixup: labels must be as many as the ${size} images, got ${batchSize(labels)}`)
  }
  if (!(Number.isFinite(alpha) && alpha >= 0)) throw new RangeError(`mixup: alpha must be 0 or more, got ${alpha}`)
  // Beta's limit at 0 is a coin between 0 and 1, and either face leaves the examples as they are.
  const weight = lambda ?? (alpha === 0 ? 1 : drawBeta(alpha, random))
  if (!(Number.isFinite(weight) && weight >= 0 && weight <= 1))
    throw new RangeError(`mixup: lambda must be in [0, 1], got ${weight}`)
  const partners = [...(permutation ?? shuffledRows(size, random))]
  if (partners.length !== size || !partners.toSorted((a, b) => a - b).every((row, i) => row === i)) {
    throw new RangeError(`mixup: permutation must hold each of 0 to ${size - 1} once, got [${partners}]`)
  }
  const mix = <T>(on: MixupOps<T>, x: T) => on.add(on.mul(x, weight), on.mul(on.gather(x, partners), 1 - weight))
  return { images: mix<X>(ops, images), labels: mix<Y>(ops, labels), lambda: weight, permutation: partners }
}

/** 0 for a tensor without axes. */
function batchSize(batch: Batch): number {
  return 'shape' in batch ? (batch.shape[0] ?? 0) : batch.length
}

/** Draws from Beta(α, α): G/(G + H) for G and H from Gamma(α), in logarithms because at small α both underflow. */
function drawBeta(alpha: number, random: () => number): number {
  const ratio = drawLogGamma(alpha, random) - drawLogGamma(alpha, random)
  return 1 / (1 + Math.exp(-ratio))
}

/** Marsaglia and Tsang, 2000: the logarithm of a draw from Gamma(α); below 1 that of α + 1 times U^(1/α). */
function drawLogGamma(alpha: number, random: () => number): number {
  const boost = alpha < 1 ? Math.max(Math.log(positive(random)) / alpha, -Number.MAX_VALUE) : 0
  const d = (alpha < 1 ? alpha + 1 : alpha) - 1 / 3
  // Nineteen of twenty tries are taken: so many refusals in a row come from no source of random numbers.
  for (let tries = 0; tries < 100; tries++) {
    const normal = Math.sqrt(-2 * Math.log(positive(random))) * Math.cos(2 * Math.PI * positive(random))
    const v = (1 + normal / Math.sqrt(9 * d)) ** 3
    if (v > 0 && Math.log(positive(random)) < normal ** 2 / 2 + d * (1 - v + Math.log(v)))
      return Math.log(d * v) + boost
  }
  throw new RangeError('mixup: random must give numbers uniform in [0, 1), got a source that lets no draw succeed')
}

/** A number in (0, 1], whose logarithm is finite. */
function positive(random: () => number): number {
  return 1 - uniform(random)
}

function uniform(random: () => number): number {
  const value = random()
  if (value >= 0 && value < 1) return value
  throw new RangeError(`mixup: random must give numbers in [0, 1), got ${value}`)
}

/** Fisher and Yates: every order is equally likely. */
function shuffledRows(size: number, random: () => number): number[] {
  const rows = Array.from({ length: size }, (_, i) => i)
  for (let last = size - 1; last > 0; last--) {
    const other = Math.floor(uniform(random) * (last + 1))
    ;[rows[last], rows[other]] = [rows[other]!, rows[last]!]
  }
  return rows
}
