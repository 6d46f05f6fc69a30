import type { Part } from '@bag-of-tricks/example-imagenet'

/** All that decides how a head is trained, but the pictures and the seed. */
export interface BoxRecipe {
  /** Pixels of a side: the backbone's. */
  size: number
  batch: number
  epochs: number
  /** Peak learning rate. */
  rate: number
  /** Epochs of linear warmup (§3.1), then half a cosine (§5.1). */
  warmup: number
  momentum: number
  /** Of kernels alone (§3.1). */
  decay: number
  /** Parts of the backbone that stay as they are. */
  freeze: readonly Part[]
}

export const boxRecipe: BoxRecipe = {
  size: 64,
  batch: 128,
  epochs: 10,
  rate: 0.1,
  warmup: 0.5,
  momentum: 0.9,
  decay: 1e-4,
  freeze: [],
}
