import type { Recipe } from '../../examples/imagenet/src/recipe'
import type { Machine } from '../machine'
import { mean, round, standardDeviation } from '../statistics'
import type { ContenderName } from './contenders'

/** What one training came to. */
export interface Trained {
  seed: number
  /** Shares of the pictures to judge by, after the last epoch. */
  top1: number
  top5: number
  /** Cross-entropy of the true class. */
  loss: number
  /** In training steps, waiting for data included; evaluations are not. */
  seconds: number
  versions: Record<string, string>
  /** Of our program. */
  commit?: string | null
}

/** Top-1 over the seeds. */
export interface Accuracy {
  mean: number
  /** Of the seeds, by n − 1; null for a single one. */
  standardDeviation: number | null
  /** Of the mean. */
  standardError: number | null
}

export interface RecipeSummary {
  top1: Record<ContenderName, Accuracy>
  /** Ours minus PyTorch's. */
  difference: Pick<Accuracy, 'mean' | 'standardError'>
}

/** What `pnpm bench recipe --json FILE` writes. */
export interface RecipeReport {
  benchmark: 'recipe'
  recipe: Recipe
  data: { name: string; images: { train: number; held: number }; classes: number }
  runs: Record<ContenderName, Trained[]>
  /** Once each has a run. */
  summary?: RecipeSummary
  machine: Machine
}

/** Compares what seeds came to; the seeds of the two have nothing in common, so the errors add up in squares. */
export function summarise({ ours, pytorch }: RecipeReport['runs']): RecipeSummary | undefined {
  if (ours.length === 0 || pytorch.length === 0) return undefined
  const top1 = { ours: accuracy(ours), pytorch: accuracy(pytorch) }
  const [a, b] = [top1.ours, top1.pytorch]
  const known = a.standardError !== null && b.standardError !== null
  const standardError = known ? round(Math.hypot(a.standardError!, b.standardError!), 5) : null
  return { top1, difference: { mean: round(a.mean - b.mean, 5), standardError } }
}

function accuracy(runs: readonly Trained[]): Accuracy {
  const values = runs.map(({ top1 }) => top1)
  const deviation = values.length > 1 ? standardDeviation(values) : null
  return {
    mean: round(mean(values), 5),
    standardDeviation: deviation === null ? null : round(deviation, 5),
    standardError: deviation === null ? null : round(deviation / Math.sqrt(values.length), 5),
  }
}
