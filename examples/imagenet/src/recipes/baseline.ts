import type { Recipe } from '../recipe'

// The paper's section 2.1: what every trick is measured against.
//   pnpm imagenet train --data IMAGENET --recipe baseline
// Arithmetic: rate 0.1 · 256/256 = 0.1; 1,281,167 images / 256 = 5,004 steps an epoch, 600,480 in all.
// ResNet-50 is the one of 2015, the first row of table 5: torchvision's is variant B, of which timm can read an export.
// Expected (paper): 75.87 % top-1. Measured: not on ImageNet; in small, see Ablation in the README.
export const baseline: Recipe = {
  name: 'baseline',
  purpose: 'the paper’s baseline, §2.1',
  model: { depth: 50, variant: 'A', width: 64, initializer: 'glorotUniform', zeroGamma: false },
  images: { size: 224, resize: 256, area: 0.08, ratio: 4 / 3, flip: 0.5, jitter: 0.4, pca: 0.1 },
  batch: 256,
  precision: 'float32',
  lossScale: { initial: 2 ** 16, interval: 2000 },
  epochs: 120,
  steps: null,
  rate: { base: 0.1, per: 256, warmup: 0, schedule: 'step', milestones: [30, 60, 90] },
  momentum: 0.9,
  decay: { rate: 1e-4, biases: true },
  label: { epsilon: 0, spread: 'others' },
  mixup: { alpha: 0 },
  distillation: { temperature: 20, hardWeight: 1 },
}
