import { globalMoments, type Moments, type Ranks } from './global-moments'

/** Two numbers for each channel: the factor and the term of a norm, or the gradients of these. */
export interface Affine {
  gamma: Float32Array
  beta: Float32Array
}

/**
 * The arithmetic of a norm over ranks, channel by channel. What all ranks' statistics make of x is x̂ = a·x̂′ + b, where x̂′ is
 * made by those of this rank: a = σ′/σ and b = (μ′ − μ)/σ.
 */
export interface SynchronizedNorm {
  own: Moments
  all: Moments
  /** γ′ = γ·a and β′ = β + γ·b: with them x̂′ gives the same as x̂ with γ and β. */
  adapted: Affine
  /** Takes the gradients of γ′ and β′. */
  backward(adapted: Affine): {
    /** Those of γ and β, of this rank's batch: Σ dy·x̂ and Σ dy. */
    gradients: Affine
    /** What the norm with γ′ and β′ misses of dx: γ · x̂′ + β. */
    missing: Affine
  }
}

export function synchronizedNorm(
  ranks: Ranks,
  own: Moments,
  { gamma, beta }: Affine,
  epsilon: number,
): SynchronizedNorm {
  const all = globalMoments(ranks, own)
  const deviation = ({ variance }: Moments, c: number) => Math.sqrt(variance[c]! + epsilon)
  const a = Float64Array.from(gamma, (_, c) => deviation(own, c) / deviation(all, c))
  const b = Float64Array.from(gamma, (_, c) => (own.mean[c]! - all.mean[c]!) / deviation(all, c))
  const slope = Float64Array.from(gamma, (factor, c) => factor / deviation(all, c))
  return {
    own,
    all,
    adapted: { gamma: gamma.map((factor, c) => factor * a[c]!), beta: beta.map((term, c) => term + gamma[c]! * b[c]!) },
    backward(d) {
      const gradients = { gamma: d.gamma.map((dgamma, c) => a[c]! * dgamma + b[c]! * d.beta[c]!), beta: d.beta.slice() }
      const sums = { gamma: gradients.gamma.slice(), beta: gradients.beta.slice() }
      ranks.allReduceSync([sums.gamma, sums.beta], { operation: 'sum' })
      // dx = γ/σ · (dy − Σ dy / N − x̂ · Σ dy·x̂ / N) over all N; the norm takes off the sums over its own n instead.
      const excess = (mine: number, everyones: number) => mine / own.count - everyones / all.count
      const missing = {
        gamma: d.gamma.map((dgamma, c) => slope[c]! * excess(dgamma, a[c]! * sums.gamma[c]!)),
        beta: d.beta.map((dbeta, c) => slope[c]! * excess(dbeta, sums.beta[c]! + b[c]! * sums.gamma[c]!)),
      }
      return { gradients, missing }
    },
  }
}
