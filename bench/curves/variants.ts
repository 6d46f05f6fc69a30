import type { EngineOptions } from '../step/contenders/engine'

/**
 * What trains from the same weights on the same batches; the first is what the others are compared with.
 *
 * `reordered` is stock once more, with the pictures of each batch in reverse: the same mathematics, summed in another order. How
 * far it runs from stock is what rounding alone does, and no engine can be asked to be closer.
 */
export const variants = {
  stock: undefined,
  fast: { precision: 'float32', fusedOps: false },
  fused: { precision: 'float32', fusedOps: true },
  bfloat16: { precision: 'bfloat16', fusedOps: true },
  reordered: undefined,
} satisfies Record<string, Omit<EngineOptions, 'rate'> | undefined>

export type Variant = keyof typeof variants

export const variantNames = Object.keys(variants) as Variant[]
