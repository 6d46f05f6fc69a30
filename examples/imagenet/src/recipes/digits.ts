import type { Recipe } from '../recipe'
import { refined } from './refined'

// ResNet-50-D on the bundled digits in minutes on two cores: every trick of `refined`, scaled down.
//   pnpm imagenet
export const digits: Recipe = {
  ...refined,
  name: 'digits',
  purpose: 'the refined recipe on bundled handwritten digits, in minutes',
  images: { size: 48, resize: 48, area: 0.6, ratio: 4 / 3, flip: 0, jitter: 0, pca: 0 },
  batch: 64,
  epochs: 3,
  rate: { base: 0.1, per: 256, warmup: 0.5, schedule: 'cosine', milestones: [] },
}
