import { scaleLearningRate } from '@bag-of-tricks/lr-scaling'
import type { Command } from '../command-line'
import { type Recipe, settableFields } from '../recipe'
import { recipes as all } from '../recipes'
import { textTable } from '../text-table'

export const recipes: Command = {
  name: 'recipes',
  usage: '',
  summary: 'prints the recipes, field by field',
  flags: {},
  async run() {
    const fields = settableFields(all[0]!).map((field) => [field, ...all.map((recipe) => cell(fieldOf(recipe, field)))])
    const peaks = ['peak learning rate', ...all.map((recipe) => cell(peakRate(recipe)))]
    console.log(textTable(['', ...all.map(({ name }) => name)], [...fields, peaks]))
    console.log(`\n${all.map(({ name, purpose }) => `${name.padEnd(10)} ${purpose}`).join('\n')}`)
    console.log('\n--set FIELD=VALUE overrides a field; distillation is used where --teacher names a network')
    return 0
  },
}

function fieldOf(recipe: Recipe, field: string): unknown {
  return field.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], recipe)
}

function peakRate({ rate, batch }: Recipe): number {
  return scaleLearningRate(rate.base, batch, { per: rate.per })
}

function cell(value: unknown): string {
  if (value === null) return '–'
  if (Array.isArray(value)) return value.join(' ') || '–'
  // 4/3 is no number to read.
  return typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(4))) : String(value)
}
