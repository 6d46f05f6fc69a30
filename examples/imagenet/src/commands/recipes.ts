import { scaleLearningRate } from '@bag-of-tricks/lr-scaling'
import type { Command } from '../command-line'
import type { Recipe } from '../recipe'
import { recipes as all } from '../recipes'
import { textTable } from '../text-table'

const columns: readonly (readonly [head: string, cell: (recipe: Recipe) => string])[] = [
  ['recipe', ({ name }) => name],
  [
    'network',
    ({ model }) => `ResNet-${model.depth}-${model.variant}${model.width === 64 ? '' : `, ${model.width} wide`}`,
  ],
  ['pixels', ({ images }) => String(images.size)],
  ['batch', ({ batch }) => String(batch)],
  ['length', ({ epochs, steps }) => (steps === null ? `${epochs} epochs` : `${steps} steps`)],
  ['precision', ({ precision }) => precision],
  [
    'peak rate',
    ({ rate, batch }) => String(Number(scaleLearningRate(rate.base, batch, { per: rate.per }).toPrecision(3))),
  ],
  ['warmup, epochs', ({ rate }) => number(rate.warmup)],
  ['schedule', ({ rate }) => rate.schedule],
  ['zero γ', ({ model }) => yes(model.zeroGamma)],
  ['no bias decay', ({ decay }) => yes(!decay.biases)],
  ['smoothing', ({ label }) => number(label.epsilon)],
  ['mixup', ({ mixup }) => number(mixup.alpha)],
]

export const recipes: Command = {
  name: 'recipes',
  usage: '',
  summary: 'prints the recipes',
  flags: {},
  async run() {
    const head = columns.map(([name]) => name)
    console.log(
      textTable(
        head,
        all.map((recipe) => columns.map(([, cell]) => cell(recipe))),
      ),
    )
    console.log(`\n${all.map(({ name, purpose }) => `${name.padEnd(10)} ${purpose}`).join('\n')}`)
    return 0
  },
}

function yes(on: boolean): string {
  return on ? 'yes' : '–'
}

function number(value: number): string {
  return value === 0 ? '–' : String(value)
}
