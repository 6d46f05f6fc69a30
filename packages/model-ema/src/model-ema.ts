export interface EmaDecayOptions {
  /** Share of the average that is kept, in [0, 1]. @default 0.9998, timm's for 100 epochs and more of ImageNet */
  decay?: number
  /** Begins with a short memory, so that the first weights are soon forgotten. @default true */
  warmup?: boolean
}

/**
 * Gives the decay of an average: `min(decay, (1 + step) / (10 + step))`.
 *
 * With a fixed decay near 1 the average would hold the weights of step 0 for thousands of steps. Here its memory grows with the
 * run: about a ninth of the steps so far, until `decay` is reached. It depends on the step alone, so a resumed run goes on as it was.
 *
 * @param step Averages made before this one, from 0: the step, where each update is averaged. Where every k-th one is, `step / k`, and
 * the k-th power of the decay: by a count of all updates the warm-up would be over before the first weights are forgotten.
 *
 * @example
 * emaDecay(0) // => 0.1
 * emaDecay(8) // => 0.5
 *
 * TensorFlow's `ExponentialMovingAverage` with `num_updates`; timm's `ModelEmaV3` has another curve for the same end.
 */
export function emaDecay(step: number, { decay = 0.9998, warmup = true }: EmaDecayOptions = {}): number {
  if (!(Number.isSafeInteger(step) && step >= 0)) {
    throw new RangeError(`emaDecay: step must be a whole number, 0 or more, got ${step}`)
  }
  checkDecay('emaDecay', decay)
  return warmup ? Math.min(decay, (1 + step) / (10 + step)) : decay
}

/** What averaging asks of a tensor library. `tf` has it. */
export interface AverageOps<T> {
  add(x: T, y: T): T
  sub(x: T, y: T): T
  mul(x: T, factor: number): T
}

/**
 * Moves averages of weights towards the weights: `average + (1 − decay) · (weight − average)`.
 *
 * The average of the last steps' weights is evaluated and kept instead of the last weights: it lies in the middle of where the
 * steps jump about. Call it after each update. All weights belong in, the running statistics of batch norm too. Averages and weights
 * are left alone; every result is a new tensor that the caller owns.
 *
 * @param averages From the call before; for the first one the weights themselves.
 * @param weights In the same order, such as `model.getWeights()`.
 * @param decay In [0, 1], such as `emaDecay(step)`; 0 copies the weights, 1 keeps the averages.
 *
 * @example
 * averageWeights(tf, [tf.tensor1d([0, 4])], [tf.tensor1d([1, 0])], 0.75)[0] // => [0.25, 3]
 *
 * torch's `AveragedModel` with `get_ema_multi_avg_fn(decay)`, timm's `ModelEmaV3`.
 */
export function averageWeights<T>(
  ops: AverageOps<NoInfer<T>>,
  averages: readonly T[],
  weights: readonly NoInfer<T>[],
  decay: number,
): T[] {
  checkDecay('averageWeights', decay)
  if (weights.length !== averages.length) {
    throw new RangeError(
      `averageWeights: weights must be as many as the ${averages.length} averages, got ${weights.length}`,
    )
  }
  for (const [i, average] of averages.entries()) {
    const [expected, got] = [shapeOf(average), shapeOf(weights[i])]
    if (expected !== got) {
      throw new RangeError(
        `averageWeights: weights[${i}] must have the shape of its average, [${expected}], got [${got}]`,
      )
    }
  }
  // Not decay · average + (1 − decay) · weight: that moves an average by rounding although its weight stands still.
  return averages.map((average, i) => ops.add(average, ops.mul(ops.sub(weights[i]!, average), 1 - decay)))
}

function checkDecay(caller: string, decay: number): void {
  if (!(Number.isFinite(decay) && decay >= 0 && decay <= 1)) {
    throw new RangeError(`${caller}: decay must be in [0, 1], got ${decay}`)
  }
}

/** Of a library whose tensors tell it. */
function shapeOf(x: unknown): string | undefined {
  return (x as { shape?: readonly number[] }).shape?.join()
}
