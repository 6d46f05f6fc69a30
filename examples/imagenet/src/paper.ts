import { isDeepStrictEqual } from 'node:util'
import type { Difference } from '@bag-of-tricks/train-log'
import type { Recipe } from './recipe'
import { baseline } from './recipes/baseline'
import { efficient } from './recipes/efficient'
import { refined } from './recipes/refined'
import { tweaks } from './recipes/tweaks'

// The paper trains in FP16 from section 3.2 on; how it scales the loss it does not say.
const paper: Record<string, Recipe> = {
  baseline,
  efficient: { ...efficient, precision: 'float16' },
  tweaks: { ...tweaks, precision: 'float16' },
  refined: { ...refined, precision: 'float16' },
}
const unsaid = ['name', 'purpose', 'lossScale']

/** Gives the fields of a recipe that are not as in the paper: in its own section, or, of a recipe it has not, in its last. */
export function paperDifferences(recipe: Recipe): Difference[] {
  return differences({ ...recipe }, { ...(paper[recipe.name] ?? paper.refined) }).filter(
    ({ field }) => !unsaid.includes(field.split('.')[0]!),
  )
}

function differences(here: Fields, there: Fields, prefix = ''): Difference[] {
  return Object.keys(here).flatMap((key) => {
    const [value, other] = [here[key], there[key]]
    if (isGroup(value) && isGroup(other)) return differences(value, other, `${prefix}${key}.`)
    return isDeepStrictEqual(value, other) ? [] : [{ field: prefix + key, here: value, paper: other }]
  })
}

type Fields = Record<string, unknown>

function isGroup(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
