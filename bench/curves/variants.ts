import type { EngineOptions } from '../step/contenders/engine'

/** What trains from the same weights on the same batches; the first is what the others are compared with. */
export const variants = {
  stock: undefined,
  fast: { precision: 'float32', fusedOps: false },
  fused: { precision: 'float32', fusedOps: true },
  bfloat16: { precision: 'bfloat16', fusedOps: true },
} satisfies Record<string, Omit<EngineOptions, 'rate'> | undefined>

export type Variant = keyof typeof variants

export const variantNames = Object.keys(variants) as Variant[]
