import { hash } from './hashed-weights'

/** A tensor of timm's fresh `resnet50d`, with the draws of `tools/oracles/training-curve.py`: uniform, of the variance of timm's. */
export function freshWeights(name: string, shape: readonly number[]): Float32Array {
  const size = shape.reduce((a, b) => a * b)
  const within = (limit: number) => hash(name, size, (u) => 2 * u - 1).map((value) => value * limit)
  // Kaiming's normal of fan out: deviation √(2 / fan).
  if (shape.length === 4) return within(Math.sqrt((6 * shape[1]!) / size))
  if (name.startsWith('fc.')) return within(2048 ** -0.5)
  if (name.endsWith('running_var')) return new Float32Array(size).fill(1)
  // Zero γ is timm's default.
  const ones = name.endsWith('weight') && !name.includes('.bn3.')
  return new Float32Array(size).fill(ones ? 1 : 0)
}
