import { enableFastGradients } from '@bag-of-tricks/fast-gradients'
import { resnet } from '@bag-of-tricks/resnet-tweaks'
import * as tf from '@tensorflow/tfjs-node'
import { loadAddon } from './addon'
import type { Subject } from './compare'
import { report } from './report'
import { residualBlock } from './residual-block'
import { trainingStep } from './training-step'

/** The first is all dispatch, the second mostly arithmetic. */
const blocks = [
  { batch: 1, size: 8, filters: 16 },
  { batch: 8, size: 28, filters: 64 },
]

/** Who gives the gradients; each is switched on in its turn, over the one before. */
const engines = {
  'stock gradients': () => {},
  'native gradients': () => enableFastGradients(tf, { fusedOps: false }),
  // XLA has no kernels for these.
  'fused ops': () => enableFastGradients(tf),
}

/** Reports on residual blocks under each engine and, if wanted, on a whole training step of ResNet-50. */
export async function measure({ resnet50 }: { resnet50: boolean }, say: (line: string) => void): Promise<void> {
  const addon = await loadAddon()
  for (const [engine, enable] of Object.entries(engines)) {
    enable()
    for (const block of blocks) {
      say(`residual block, batch ${block.batch}, ${block.size} px, ${block.filters} filters, ${engine}`)
      report(addon, residualBlock(tf, block), 20, say)
    }
    if (!resnet50 || engine !== 'native gradients') continue
    say(`a whole training step of ResNet-50, batch 4, 64 px, ${engine}`)
    report(addon, resnetStep(), 5, say)
  }
}

function resnetStep(): Subject {
  const model = resnet(tf, { depth: 50, variant: 'B', zeroGamma: true, inputShape: [64, 64, 3], seed: 0 })
  const images = tf.randomNormal([4, 64, 64, 3], 0, 1, 'float32', 0)
  const labels = tf.tidy(() => tf.oneHot(tf.tensor1d([1, 2, 3, 4], 'int32'), 1000))
  return trainingStep(tf, model, images, labels)
}
