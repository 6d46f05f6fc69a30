import type { Recipe } from '../recipe'
import { efficient } from './efficient'

// The paper's section 4 on top of section 3: the network's own tweaks B, C and D.
//   pnpm imagenet train --data IMAGENET --recipe tweaks
// Arithmetic: as efficient. B and C alone: --set model.variant=B.
// Expected (paper): 76.66 % top-1 with B, 76.87 % with C, 77.16 % with D. Measured: not on ImageNet.
export const tweaks: Recipe = {
  ...efficient,
  name: 'tweaks',
  purpose: 'efficient with ResNet-D, §4',
  model: { ...efficient.model, variant: 'D' },
}
