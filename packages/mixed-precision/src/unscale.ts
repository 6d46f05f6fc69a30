/** A number, or a tensor that holds one, as tfjs and jax-js have them. */
export type Readable = number | { dataSync(): ArrayLike<number> }

/** What unscaling asks of a tensor library, for tensors T and their sums S. `tf` has it. */
export interface UnscaleOps<T, S extends Readable> {
  mul(x: T, factor: number): T
  /** The sum of all entries. */
  sum(x: T): S
  add(x: S, y: S): S
}

/**
 * Divides gradients by the loss scale, in float32, and tells whether all of them are finite.
 *
 * The gradients of `scale · loss` are `scale` times those of `loss`. An infinity or a NaN spoils every sum it is in, so
 * one number, the sum of all, is read from the device and not one a gradient. (A sum beyond float32 counts as not
 * finite.) If `finite` is false, leave the weights as they are and drop the gradients.
 *
 * @param gradients By variable name, as `tf.variableGrads(...).grads`; frozen variables, null there, are left out.
 * @param scale The one that this step's loss was multiplied with, above 0.
 *
 * @example
 * unscale(tf, { w: tf.tensor1d([65536, -8]) }, 65536).gradients.w // => [1, -0.0001220703125]
 * unscale(tf, { w: tf.tensor1d([Infinity, 1]) }, 65536).finite // => false
 *
 * Micikevicius et al., 2017, section 3.2; `unscale_` of torch's GradScaler.
 */
export function unscale<T, S extends Readable>(
  ops: UnscaleOps<NoInfer<T>, S>,
  gradients: Readonly<Record<string, T>>,
  scale: number,
): { gradients: Record<string, T>; finite: boolean } {
  if (!(Number.isFinite(scale) && scale > 0)) {
    throw new RangeError(`unscale: scale must be a number above 0, got ${scale}`)
  }
  const unscaled = Object.entries(gradients)
    .filter(([, gradient]) => gradient != null)
    .map(([name, gradient]) => [name, ops.mul(gradient, 1 / scale)] as const)
  if (unscaled.length === 0) throw new RangeError('unscale: gradients must hold one or more, got none')
  const total = unscaled.map(([, gradient]) => ops.sum(gradient)).reduce((sum, next) => ops.add(sum, next))
  const value = typeof total === 'number' ? total : total.dataSync()[0]
  return { gradients: Object.fromEntries(unscaled), finite: Number.isFinite(value) }
}
