/** A class and how probable it is, 0 to 1. */
export interface Guess {
  name: string
  probability: number
}

/** Gives the softmax of the largest logits, at most `count`, the largest first. */
export function rank(logits: Float32Array, classes: readonly string[], count = 5): Guess[] {
  const largest = logits.reduce((most, logit) => Math.max(most, logit))
  // Of differences, since e to the power of a large logit is infinite.
  const powers = Array.from(logits, (logit) => Math.exp(logit - largest))
  const sum = powers.reduce((total, power) => total + power)
  return powers
    .map((power, i) => ({ name: classes[i]!, probability: power / sum }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, count)
}
