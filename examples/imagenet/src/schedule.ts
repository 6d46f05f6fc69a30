import { cosine } from '@bag-of-tricks/cosine-schedule'
import { scaleLearningRate } from '@bag-of-tricks/lr-scaling'
import { warmup } from '@bag-of-tricks/lr-warmup'
import { stepDecay } from '@bag-of-tricks/step-schedule'
import type { Recipe } from './recipe'

/** One sentence where a step schedule ends before all of its milestones come, as when its recipe is cut short by `--epochs`. */
export function milestonesBeyond({ epochs, steps, rate }: Recipe): string | undefined {
  const beyond = rate.milestones.map((epoch) => rate.warmup + epoch).filter((epoch) => epoch >= epochs)
  if (rate.schedule !== 'step' || steps !== null || beyond.length === 0) return undefined
  return `the learning rate does not fall after epoch ${beyond.join(', ')}: this run has ${epochs}; --set rate.milestones=…`
}

/** Gives the learning rate of each step: scaled to the batch of all ranks, warmed up, then falling by cosine or by steps. */
export function learningRate(
  { batch, rate }: Recipe,
  steps: number,
  stepsPerEpoch: number,
  ranks = 1,
): (step: number) => number {
  const peak = scaleLearningRate(rate.base, batch, { per: rate.per, replicas: ranks })
  const warmupSteps = Math.min(Math.round(rate.warmup * stepsPerEpoch), steps)
  const decay =
    rate.schedule === 'cosine'
      ? cosine(peak, Math.max(steps - warmupSteps, 1))
      : stepDecay(
          peak,
          rate.milestones.map((epoch) => Math.round(epoch * stepsPerEpoch)),
        )
  return warmup(warmupSteps, decay)
}
