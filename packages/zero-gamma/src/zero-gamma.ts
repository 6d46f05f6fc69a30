/** What zero γ asks of a tensor library. `tf` has it. */
export interface ZeroGammaOps<T> {
  zeros(shape: number[]): T
  dispose(x: T): void
}

/** A weight by name: one of `model.weights` (it has `write`) or a `tf.Variable` (it has `assign`). */
export type GammaVariable<T> = { readonly name: string; readonly shape: readonly (number | null)[] } & (
  | { write(value: T): unknown }
  | { assign(value: T): unknown }
)

export interface ZeroGammaOptions {
  /**
   * Says whether the variable of this name is a γ that ends a residual block; `names` are those of all variables.
   * @default the last norm of each block by torch's names: `layer1_0_bn3/gamma`, `layer1.0.bn3.weight`
   */
  match?: (name: string, names: readonly string[]) => boolean
}

/**
 * Sets to zero the γ of the last batch norm in each residual block.
 *
 * The branch of a block then ends in 0, so a fresh network begins as its shortcuts alone: fewer layers, easier to
 * train at first. γ gets a gradient at once and the branches grow in. Call it once, after the model is made and before
 * the first update; never on trained weights, whose branches it would delete. Give it the variables of one network at a time.
 *
 * It changes its argument: the variables are written in place.
 *
 * @returns Names of the variables that are now zero, in the order of `variables`.
 *
 * @example
 * const gamma = tf.variable(tf.ones([4]), true, 'layer1_0_bn3/gamma')
 * zeroGamma(tf, [gamma]) // => ['layer1_0_bn3/gamma']
 *
 * He et al., 2018, section 3.1, after Goyal et al., 2017; timm's zero_init_last, torchvision's zero_init_residual.
 */
export function zeroGamma<T>(
  ops: ZeroGammaOps<T>,
  variables: readonly GammaVariable<T>[],
  { match = endsBlock }: ZeroGammaOptions = {},
): string[] {
  const names = variables.map(({ name }) => name)
  const matched = variables.filter(({ name }) => match(name, names))
  if (matched.length === 0) {
    throw new RangeError(`zeroGamma: match must find a γ among the variables, got none in [${names.join(', ')}]`)
  }
  for (const variable of matched) {
    const zeros = ops.zeros(variable.shape as number[])
    if ('write' in variable) variable.write(zeros)
    else variable.assign(zeros)
    ops.dispose(zeros)
  }
  return matched.map(({ name }) => name)
}

/**
 * Block and number of a norm. The block has all that stands before it in its name: teacher and student have a layer1_0 each.
 * TensorFlow.js appends _1 to the names of a second model in one process.
 */
const blockNorm = /^(?<block>.*layer\d+[._]\d+)[._]bn(?<number>\d)(?:\/gamma|\.weight)(?:_\d+)?$/

function endsBlock(name: string, names: readonly string[]): boolean {
  const own = blockNorm.exec(name)?.groups
  if (own === undefined) return false
  // A basic block ends in bn2, a bottleneck in bn3: no later norm of the same block may exist.
  return names.every((other) => {
    const norm = blockNorm.exec(other)?.groups
    return norm?.block !== own.block || Number(norm?.number) <= Number(own.number)
  })
}
