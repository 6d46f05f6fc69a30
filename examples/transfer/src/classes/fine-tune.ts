import { finalEvaluation, RunError, readDescription, train } from '@bag-of-tricks/example-imagenet'
import type { Backbone } from '../backbones'
import type { Figures } from '../comparison/results'

export interface FineTuning {
  data: string
  recipe: string
  /** Fields of the recipe, as for `--set`. */
  set: readonly string[]
  epochs: number
  freeze?: string
  device: string
  workers?: string
  seed: number
  /** Folder of the run. */
  out: string
}

/** What is learnt already should move little, and few epochs are no time for mixup. */
const gentle = ['rate.base=0.02', 'mixup.alpha=0']

/** Trains a network on other classes by `imagenet train`, from where it was broken off; an exit code where it is again. */
export async function fineTune(
  backbone: Backbone,
  { set, epochs, out, ...flags }: FineTuning,
): Promise<Figures | number> {
  const settings = [...networkOf(backbone), ...gentle, ...set, `epochs=${epochs}`]
  const code = await train.run(
    { ...withText(flags), set: settings, init: backbone.weights, head: 'reset', out, resume: true },
    [],
  )
  if (code !== 0) return code
  const final = finalEvaluation(out, readDescription(out, '--out'))
  if (final === undefined) throw new RunError(`the log in ${out} has no evaluation after the last step`)
  return { top1: final.top1 }
}

/** The network of a run and its pictures' size, whatever recipe is to train it on. */
function networkOf({ run: { recipe } }: Backbone): string[] {
  const { depth, variant, width } = recipe.model
  const { size, resize } = recipe.images
  return [
    ...[`model.depth=${depth}`, `model.variant=${variant}`, `model.width=${width}`],
    ...[`images.size=${size}`, `images.resize=${resize}`],
  ]
}

function withText({ seed, ...flags }: Omit<FineTuning, 'set' | 'epochs' | 'out'>) {
  return { ...flags, seed: String(seed) }
}
