import type { Recipe } from '../recipe'
import { refined } from './refined'

// Every trick on, two steps, on the bundled digits: shows within seconds that everything runs.
//   pnpm imagenet train --recipe smoke
// Arithmetic: rate 0.1 · 8/256 = 0.0031; two batches of 9,001 images. Expected: nothing learnt, a whole run's folder.
export const smoke: Recipe = {
  ...refined,
  name: 'smoke',
  purpose: 'every trick on, two steps on bundled digits',
  images: { ...refined.images, size: 32, resize: 36 },
  batch: 8,
  precision: 'float32',
  epochs: 1,
  steps: 2,
  rate: { ...refined.rate, warmup: 0.001 },
}
