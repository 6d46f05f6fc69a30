import type { Recipe } from '../recipe'
import { baseline } from './baseline'

// The paper's section 3: large batches and half precision, without loss of accuracy.
//   pnpm imagenet train --data IMAGENET --recipe efficient
// Arithmetic: rate 0.1 · 1024/256 = 0.4; 1,251 steps an epoch, 6,255 of warmup; milestones 30, 60, 90 less 5 of warmup.
// Expected (paper): 76.21 % top-1. Measured: not on ImageNet; in small, see Ablation in the README.
export const efficient: Recipe = {
  ...baseline,
  name: 'efficient',
  purpose: 'large batch: scaled rate, warmup, zero γ, no bias decay, half precision, §3',
  model: { ...baseline.model, zeroGamma: true },
  batch: 1024,
  // The paper's FP16, in the half precision that needs no loss scale.
  precision: 'bfloat16',
  rate: { base: 0.1, per: 256, warmup: 5, schedule: 'step', milestones: [25, 55, 85] },
  decay: { rate: 1e-4, biases: false },
}
