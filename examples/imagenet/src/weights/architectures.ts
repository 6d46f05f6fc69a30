import { nearest, quote } from '../command-line'
import { UsageError } from '../errors'
import type { Recipe } from '../recipe'

/** Which of the networks: what decides names, shapes and strides. */
export type Architecture = Pick<Recipe['model'], 'depth' | 'variant'> & Partial<Pick<Recipe['model'], 'width'>>

const depths = [18, 34, 50, 101, 152] as const

/** timm's names. It has none for C below depth 50, nor for A; `resnet50` is B, also torchvision's. */
const letters = { A: 'a', B: '', C: 'c', D: 'd' } as const

/** `resnet50d` of depth 50 and variant D. A and B are one network below depth 50. */
export function architectureName({ depth, variant }: Architecture): string {
  return `resnet${depth}${letters[depth < 50 && variant === 'A' ? 'B' : variant]}`
}

/** Every network there is, by name; A comes last of its depth, for its tensors cannot be told from those of B. */
export const architectures: ReadonlyMap<string, Architecture> = new Map(
  depths
    .flatMap((depth) => (['D', 'B', 'C', 'A'] as const).map((variant) => ({ depth, variant })))
    .filter(({ depth, variant }) => variant !== 'A' || depth >= 50)
    .map((architecture) => [architectureName(architecture), architecture]),
)

/** @param flag What named the architecture, for the message. */
export function findArchitecture(name: string, flag: string): Architecture {
  const found = architectures.get(name)
  if (found) return found
  throw new UsageError(`${flag}: there is no network ${quote(name)}${nearest(name, [...architectures.keys()])}`)
}
