import { torchNames } from '@bag-of-tricks/resnet-tweaks'
import type { LayersModel } from '@tensorflow/tfjs-node'
import type { TensorFlow } from '../device'
import { writeWeight } from '../model'
import { freezeParts } from './freeze'
import type { Init } from './init'
import { readStateDict } from './state-dict'

/** Makes a network begin with loaded weights, and freezes what is to stay; a run that goes on has its weights already. */
export async function beginWith(
  tf: TensorFlow,
  model: LayersModel,
  init: Pick<Init, 'path' | 'head' | 'freeze'>,
  { resumed }: { resumed: boolean },
): Promise<void> {
  freezeParts(model, init.freeze)
  if (!resumed) await loadOver(tf, model, init)
}

/** Writes loaded weights over random ones, but for a head that is to be reset. */
async function loadOver(tf: TensorFlow, model: LayersModel, { path, head }: Pick<Init, 'path' | 'head'>) {
  const { tensors } = await readStateDict(path, '--init')
  for (const weight of torchNames(model)) {
    if (head === 'reset' && weight.layer === 'fc') continue
    // Names and shapes were checked while the run was planned.
    writeWeight(tf, weight, tensors.get(weight.name)!)
  }
}
