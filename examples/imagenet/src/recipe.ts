import type { ResnetOptions } from '@bag-of-tricks/resnet-tweaks'
import { nearest, quote } from './command-line'
import { UsageError } from './errors'
import type { Precision } from './precision'

/** All that decides a training, but the data and the seed. One file of `recipes/` each; `--set` overrides a field. */
export interface Recipe {
  name: string
  purpose: string
  model: {
    depth: NonNullable<ResnetOptions['depth']>
    variant: NonNullable<ResnetOptions['variant']>
    /** Filters of the first stage; each later one doubles them. 64 in the paper. */
    width: number
    /** `kaimingFanOut` (timm, torchvision) or `glorotUniform` (the paper's Xavier). */
    initializer: 'kaimingFanOut' | 'glorotUniform'
    /** §3.1 zero γ. */
    zeroGamma: boolean
  }
  /** §2.1 the baseline's augmentation; sizes in pixels. */
  images: {
    size: number
    /** Short side of an evaluation picture before its centre is cropped. */
    resize: number
    /** Smallest share of the picture a training crop covers. */
    area: number
    /** Widest crop, width to height; the narrowest is 1/ratio. */
    ratio: number
    /** Probability of mirroring. */
    flip: number
    /** Hue, saturation and brightness are scaled by 1 − jitter to 1 + jitter. */
    jitter: number
    /** Standard deviation of the PCA noise. */
    pca: number
  }
  batch: number
  /** §3.2 what the networks compute in, training and teaching; weights, statistics, losses and evaluations are float32. */
  precision: Precision
  /** §3.2 used by float16 alone: bfloat16 has the range of float32. */
  lossScale: {
    initial: number
    /** Doubles after so many steps without an overflow. */
    interval: number
  }
  epochs: number
  /** Updates in all; null where the epochs decide. */
  steps: number | null
  rate: {
    /** Peak learning rate for a batch of `per` images; linear in the batch (§3.1). */
    base: number
    per: number
    /** §3.1 epochs of linear warmup. */
    warmup: number
    schedule: 'cosine' | 'step'
    /** Epochs after which `step` divides the rate by ten; they count from the end of warmup. */
    milestones: number[]
  }
  momentum: number
  decay: {
    rate: number
    /** §3.1 no bias decay: `false` leaves biases, γ and β alone. */
    biases: boolean
  }
  /** §5.2 label smoothing. */
  label: { epsilon: number; spread: 'others' | 'all' }
  /** §5.4 mixup; 0 turns it off. */
  mixup: { alpha: number }
  /** §5.3 distillation, used where `--teacher` names one. */
  distillation: { temperature: number; hardWeight: number }
}

/** Applies `FIELD=VALUE` overrides such as `label.epsilon=0.05`; the field must be there and keep its type. */
export function override(recipe: Recipe, settings: readonly string[]): Recipe {
  const copy = structuredClone(recipe)
  for (const setting of settings) applySetting(copy, setting)
  return copy
}

function applySetting(recipe: Recipe, setting: string): void {
  const [, path, text] = /^([^=]+)=(.*)$/.exec(setting) ?? []
  if (path === undefined || text === undefined) throw new UsageError(`--set takes FIELD=VALUE, got ${quote(setting)}`)
  const fields = settableFields(recipe)
  if (!fields.includes(path)) throw new UsageError(`--set: a recipe has no field ${path}${nearest(path, fields)}`)
  const keys = path.split('.')
  const last = keys.pop()!
  const owner = keys.reduce(
    (node, key) => node[key] as Record<string, unknown>,
    recipe as unknown as Record<string, unknown>,
  )
  owner[last] = parseLike(owner[last], text, path)
  // Else the steps of a short recipe would outrank the epochs asked for.
  if (path === 'epochs') recipe.steps = null
}

/** Names of the fields that `--set` takes. */
export function settableFields(node: object, prefix = ''): string[] {
  return Object.entries(node).flatMap(([key, value]) => {
    if (prefix === '' && (key === 'name' || key === 'purpose')) return []
    const nested = typeof value === 'object' && value !== null && !Array.isArray(value)
    return nested ? settableFields(value as object, `${prefix}${key}.`) : [`${prefix}${key}`]
  })
}

function parseLike(current: unknown, text: string, path: string): unknown {
  if (typeof current === 'string') return text
  if (typeof current === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  const valid = numbers.every(Number.isFinite)
  if (Array.isArray(current) && (valid || text === '')) return text === '' ? [] : numbers
  if ((typeof current === 'number' || current === null) && valid && numbers.length === 1) return numbers[0]
  const kind = Array.isArray(current)
    ? 'numbers with commas between'
    : `a ${current === null ? 'number' : typeof current}`
  throw new UsageError(`--set: ${path} must be ${kind}, got ${quote(text)}`)
}
