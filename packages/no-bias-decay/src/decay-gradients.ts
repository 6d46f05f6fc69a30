/** What shrinking weights asks of a tensor library: from a variable V to a tensor T. `tf` has it. */
export interface ShrinkOps<V, T> {
  mul(x: V, factor: number): T
  clone(x: V): T
}

/** What adding decay to gradients asks on top. `tf` has it. */
export interface DecayOps<T> extends ShrinkOps<T, T> {
  add(x: T, y: T): T
}

export interface NamedWeight {
  readonly name: string
  readonly shape: readonly number[]
}

/** A tensor that knows its name, such as a `tf.Variable`. */
export type DecayVariable<T> = T & NamedWeight

export interface DecayOptions {
  /** Says which variables decay. @default decays */
  when?: (variable: NamedWeight) => boolean
}

/**
 * Says whether a weight should decay: kernels do, biases, the γ and β of batch norm and the slopes of PReLU do not.
 *
 * Decay keeps a layer from fitting noise with large kernels; a bias or a scale has too few numbers to overfit. Spared
 * are rank 1 and below, and names that end in bias, gamma, beta or alpha (`conv/bias`, `fc.bias`, `bn/gamma_1`). Not by shape
 * alone: TensorFlow.js's slopes, [1, 1, channels], look like the kernel of a layer with one input.
 *
 * @example
 * decays({ name: 'conv1/kernel', shape: [3, 3, 3, 64] }) // => true
 *
 * He et al., 2018, section 3.1; the union of the rules of timm and of the authors' code.
 */
export function decays({ name, shape }: NamedWeight): boolean {
  return shape.length > 1 && !/(bias|gamma|beta|alpha)(_\d+)?$/.test(name)
}

/**
 * Adds weight decay to gradients, for the weights that should have it.
 *
 * This is the paper's decay, the gradient of `½ · rate · w²`: `g + rate · w`. It belongs between `variableGrads` and
 * `applyGradients`, before the optimizer's momentum. Every result is a new tensor that the caller owns.
 *
 * @param gradients By variable name, as `tf.variableGrads(...).grads`.
 * @param variables All to train, in the same order at every step: TensorFlow.js keeps momentum by position, not name.
 * @param rate Decay, 0 or more; the paper's is 1e-4.
 *
 * @example
 * const w = tf.variable(tf.tensor2d([[10]]), true, 'fc/kernel')
 * decayGradients(tf, { 'fc/kernel': tf.tensor2d([[1]]) }, [w], 0.01)[0].tensor // => [[1.1]]
 *
 * He et al., 2018, section 3.1; torch's SGD with `weight_decay` and parameter groups.
 */
export function decayGradients<T>(
  ops: DecayOps<NoInfer<T>>,
  gradients: Readonly<Record<string, T>>,
  variables: readonly DecayVariable<NoInfer<T>>[],
  rate: number,
  { when = decays }: DecayOptions = {},
): { name: string; tensor: T }[] {
  if (!(Number.isFinite(rate) && rate >= 0)) {
    throw new RangeError(`decayGradients: rate must be a number, 0 or more, got ${rate}`)
  }
  for (const variable of variables) checkGradient(gradients[variable.name], variable)
  return variables.map((variable) => {
    const gradient = gradients[variable.name]!
    const tensor = when(variable) ? ops.add(gradient, ops.mul(variable, rate)) : ops.clone(gradient)
    return { name: variable.name, tensor }
  })
}

/**
 * Shrinks the weights that should decay, apart from the gradient: `w - rate · w`.
 *
 * The decoupled form of AdamW, for adaptive optimizers, where decay added to the gradient would be divided away.
 * The variables are left alone: assign the result, which is in their order, before the optimizer's update.
 *
 * @param rate In [0, 1]: the step's learning rate times the decay.
 *
 * @example
 * const w = tf.variable(tf.tensor2d([[10]]), true, 'out/kernel')
 * decayWeights(tf, [w], 0.01)[0].tensor // => [[9.9]]
 *
 * Loshchilov and Hutter, 2017.
 */
export function decayWeights<V extends NamedWeight, T>(
  ops: ShrinkOps<NoInfer<V>, T>,
  variables: readonly V[],
  rate: number,
  { when = decays }: DecayOptions = {},
): { name: string; tensor: T }[] {
  if (!(Number.isFinite(rate) && rate >= 0 && rate <= 1)) {
    throw new RangeError(`decayWeights: rate must be in [0, 1], got ${rate}`)
  }
  return variables.map((variable) => ({
    name: variable.name,
    tensor: when(variable) ? ops.mul(variable, 1 - rate) : ops.clone(variable),
  }))
}

function checkGradient(gradient: unknown, { name, shape }: NamedWeight): void {
  if (gradient == null) {
    throw new RangeError(`decayGradients: gradients must hold every variable's, got none for ${name}`)
  }
  // Where the gradient shows a shape: another one would be broadcast over the weights.
  const got = (gradient as { shape?: readonly number[] }).shape
  if (got !== undefined && got.join() !== shape.join()) {
    throw new RangeError(`decayGradients: the gradient of ${name} must have its shape, [${shape}], got [${got}]`)
  }
}
