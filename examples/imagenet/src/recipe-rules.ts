import { UsageError } from './errors'
import { precisions } from './precision'
import type { Recipe } from './recipe'

type Rule = [field: string, expected: string, holds: (value: never, recipe: Recipe) => boolean]

const whole = (value: number) => Number.isInteger(value) && value >= 1
const share = (value: number) => value >= 0 && value <= 1
const notNegative = (value: number) => value >= 0
const positive = (value: number) => value > 0
const oneOf = (...words: unknown[]): [string, (value: unknown) => boolean] => [
  `one of ${words.join(', ')}`,
  (value) => words.includes(value),
]

const rules: Rule[] = [
  ['model.depth', ...oneOf(18, 34, 50, 101, 152)],
  ['model.variant', ...oneOf('A', 'B', 'C', 'D')],
  ['model.width', 'an even whole number of at least 2', (value: number) => whole(value) && value % 2 === 0],
  ['model.initializer', ...oneOf('kaimingFanOut', 'glorotUniform')],
  ['images.size', 'a whole number of at least 1', whole],
  [
    'images.resize',
    'a whole number, at least images.size',
    (value, { images }) => whole(value) && value >= images.size,
  ],
  ['images.area', 'above 0 and at most 1', (value: number) => positive(value) && share(value)],
  ['images.ratio', 'at least 1', (value: number) => value >= 1],
  ['images.flip', 'in [0, 1]', share],
  ['images.jitter', 'in [0, 1]', share],
  ['images.pca', 'at least 0', notNegative],
  ['batch', 'a whole number of at least 1', whole],
  ['precision', ...oneOf(...precisions)],
  ['lossScale.initial', 'from 1 to 2^24', (value: number) => value >= 1 && value <= 2 ** 24],
  ['lossScale.interval', 'a whole number of at least 1', whole],
  ['epochs', 'a whole number of at least 1', whole],
  ['steps', 'a whole number of at least 1', (value: number | null) => value === null || whole(value)],
  ['rate.base', 'above 0', positive],
  ['rate.per', 'above 0', positive],
  ['rate.warmup', 'at least 0', notNegative],
  ['rate.schedule', ...oneOf('cosine', 'step')],
  [
    'rate.milestones',
    'numbers of at least 0 that rise',
    (value: number[]) => value.every((n, i) => n > (value[i - 1] ?? -1)),
  ],
  [
    'rate.milestones',
    'at least one number for the schedule step',
    (value: number[], { rate }) => rate.schedule !== 'step' || value.length > 0,
  ],
  ['momentum', 'at least 0 and below 1', (value: number) => value >= 0 && value < 1],
  ['decay.rate', 'at least 0', notNegative],
  ['label.epsilon', 'in [0, 1]', share],
  ['label.spread', ...oneOf('others', 'all')],
  ['mixup.alpha', 'at least 0', notNegative],
  ['distillation.temperature', 'above 0', positive],
  ['distillation.hardWeight', 'at least 0', notNegative],
]

/** Refuses, by field and value, a recipe that cannot be trained. */
export function checkRecipe(recipe: Recipe): void {
  for (const [field, expected, holds] of rules) {
    const value = field.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], recipe)
    if (!holds(value as never, recipe)) {
      throw new UsageError(`recipe ${recipe.name}: ${field} must be ${expected}, got ${JSON.stringify(value)}`)
    }
  }
}
