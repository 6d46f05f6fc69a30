/** A convolution or a dense layer. */
export interface Product {
  /** [height, width, in, out], or [in, out]. */
  kernel: readonly number[]
  /** [batch, height, width, out], or [batch, out]; the batch is left out of the count. */
  output: readonly (number | null)[]
}

/**
 * Counts the floating point operations of one image's training step, in convolutions and dense layers.
 *
 * Each of a layer's outputs costs one multiply-add, 2 operations, for each weight it sees; the gradient of the weights and
 * that of the input cost as much again. Nobody needs the first layer's gradient of its input.
 */
export function trainingFlops(products: readonly Product[]): number {
  const forward = products.map(({ kernel, output }) => {
    const positions = (output.slice(1, -1) as number[]).reduce((product, side) => product * side, 1)
    return 2 * positions * kernel.reduce((product, side) => product * side, 1)
  })
  return 3 * forward.reduce((sum, flops) => sum + flops, 0) - forward[0]!
}
