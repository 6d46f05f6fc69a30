/** What summing gradients asks of a tensor library. `tf` has it. */
export interface AccumulationOps<T> {
  add(x: T, y: T): T
  mul(x: T, factor: number): T
}

/**
 * Adds the gradients of one part of a batch to those of the parts before: `sum + share · gradient`.
 *
 * A large batch that does not fit into memory goes through in parts, and one update follows. With `share` the part's examples by
 * those of the whole batch, and a loss that is a mean over the part, the sum is the gradient of the mean loss of the whole batch:
 * the same update, but for layers that look across the examples, such as batch norm.
 *
 * `sum` and `gradients` are left alone; every result is a new tensor that the caller owns.
 *
 * @param sum From the part before; undefined for the first.
 * @param gradients By variable name, as `tf.variableGrads(...).grads`; the same variables for every part. Frozen variables, null
 * there, are left out.
 * @param share In (0, 1], such as 1/4; the shares of all parts add up to 1.
 *
 * @example
 * const first = accumulateGradients(tf, undefined, { w: tf.tensor1d([4, 8]) }, 0.5)
 * accumulateGradients(tf, first, { w: tf.tensor1d([2, 0]) }, 0.5).w // => [3, 4]
 *
 * He et al., 2018, section 3.1, for the large batches; `optax.MultiSteps`, timm's `--grad-accum-steps`.
 */
export function accumulateGradients<T>(
  ops: AccumulationOps<NoInfer<T>>,
  sum: Readonly<Record<string, NoInfer<T>>> | undefined,
  gradients: Readonly<Record<string, T>>,
  share: number,
): Record<string, T> {
  if (!(Number.isFinite(share) && share > 0 && share <= 1)) {
    throw new RangeError(`accumulateGradients: share must be in (0, 1], got ${share}`)
  }
  const names = Object.keys(gradients).filter((name) => gradients[name] != null)
  if (names.length === 0) throw new RangeError('accumulateGradients: gradients must hold one or more, got none')
  if (sum) {
    checkNames(names, Object.keys(sum))
    for (const name of names) checkShape(name, gradients[name], sum[name])
  }
  const result: Record<string, T> = {}
  for (const name of names) {
    const part = ops.mul(gradients[name]!, share)
    result[name] = sum ? ops.add(sum[name]!, part) : part
  }
  return result
}

/** A variable that only some parts reach would be averaged over the wrong number of examples. */
function checkNames(names: readonly string[], summed: readonly string[]): void {
  const missing = summed.find((name) => !names.includes(name))
  const extra = names.find((name) => !summed.includes(name))
  if (missing === undefined && extra === undefined) return
  const got = missing === undefined ? `one too many, ${extra}` : `none for ${missing}`
  throw new RangeError(`accumulateGradients: gradients must be of the same variables as sum, got ${got}`)
}

/** Where tensors show their shapes: another one would be broadcast over the sum. */
function checkShape(name: string, gradient: unknown, summed: unknown): void {
  const [got, expected] = [gradient, summed].map((x) => (x as { shape?: readonly number[] }).shape?.join())
  if (got !== expected) {
    throw new RangeError(
      `accumulateGradients: the gradient of ${name} must have the shape of its sum, [${expected}], got [${got}]`,
    )
  }
}
