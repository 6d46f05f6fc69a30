import { describe, expect, test } from 'vitest'
import { override, type Recipe } from '../recipe'
import { checkRecipe } from '../recipe-rules'
import { baseline } from '../recipes/baseline'
import { efficient } from '../recipes/efficient'
import { refined } from '../recipes/refined'
import { small } from '../recipes/small'
import { tweaks } from '../recipes/tweaks'
import { learningRate } from '../schedule'
import { layOut, type Setup, teacherOf } from './tables'

const setups = (number: 4 | 5 | 6, recipe: Recipe) =>
  layOut(number, recipe).rows.map(({ cells }) => cells.map(({ setup }) => setup))
const unnamed = ({ name: _, purpose: __, ...recipe }: Recipe) => recipe
/** The paper trains all rows without mixup 120 epochs, at a batch of 256 and four times as much. */
const paper: Recipe = { ...refined, batch: 256, epochs: 120 }
const trained = (setup: Setup) => unnamed(override(paper, setup.settings))

test('table 4 begins with the paper’s baseline and ends, at the large batch, with its efficient recipe', () => {
  const rows = setups(4, paper)
  expect(trained(rows[0]![0]!)).toEqual(unnamed(baseline))
  expect(trained(rows[0]![1]!)).toEqual({ ...unnamed(baseline), batch: 1024 })
  expect(trained(rows[4]![1]!)).toEqual(unnamed(efficient))
})

test('each row of table 4 has one trick more than the one before', () => {
  const changed = setups(4, paper).map(([small]) => trained(small!))
  expect(changed.map(({ rate }) => rate.warmup)).toEqual([0, 5, 5, 5, 5])
  expect(changed.map(({ model }) => model.zeroGamma)).toEqual([false, false, true, true, true])
  expect(changed.map(({ decay }) => decay.biases)).toEqual([true, true, true, false, false])
  expect(changed.map(({ precision }) => precision)).toEqual([...Array(4).fill('float32'), 'bfloat16'])
})

test('table 5 goes from A to D, which is the recipe tweaks; below depth 50 A is B', () => {
  expect(setups(5, paper).map(([setup]) => trained(setup!).model.variant)).toEqual(['A', 'B', 'C', 'D'])
  expect(trained(setups(5, paper)[3]![0]!)).toEqual(unnamed(tweaks))
  expect(layOut(5, small).rows.map(({ label }) => label)).toEqual(['ResNet-18-B', 'ResNet-18-C', 'ResNet-18-D'])
})

test('table 6 goes from the recipe baseline to tweaks, and with mixup is the recipe refined', () => {
  const rows = setups(6, paper).flat()
  expect(trained(rows[0]!)).toEqual(unnamed(baseline))
  expect(trained(rows[1]!)).toEqual(unnamed(tweaks))
  expect(trained(rows[5]!)).toEqual({ ...unnamed(refined), epochs: 120 })
  expect(rows.map(({ distilled }) => distilled ?? false)).toEqual([false, false, false, false, true, false, true])
  expect(rows.map((setup) => trained(setup).label.epsilon)).toEqual([0, 0, 0, 0.1, 0.1, 0.1, 0.1])
  expect(trained(rows[6]!).mixup.alpha).toBe(0.2)
  expect(layOut(6, paper).rows.map(({ over }) => over)).toEqual([undefined, 0, 1, 2, 3, 3, 5])
})

test('the teacher is the paper’s ResNet-152-D, or twice as wide as a small student', () => {
  expect(trained(teacherOf(paper)).model).toMatchObject({ depth: 152, variant: 'D' })
  expect(override(small, teacherOf(small).settings).model).toMatchObject({ depth: 18, width: 32, variant: 'D' })
})

describe.each([4, 5, 6] as const)('table %i of the recipe small', (number) => {
  test('can be trained, and the rate falls by ten after a quarter, a half and three quarters', () => {
    for (const setup of setups(number, small).flat()) {
      const recipe = override(small, setup.settings)
      expect(() => checkRecipe(recipe)).not.toThrow()
      if (recipe.rate.schedule !== 'step') continue
      // 100 steps an epoch, 10 epochs: after 250, 500 and 750 steps.
      const rate = learningRate(recipe, 1000, 100)
      expect([250, 500, 750].map((step) => rate(step) / rate(step - 1))).toBeClose([0.1, 0.1, 0.1], 1e-9)
    }
  })
})

test.each([
  [{ steps: 10 }, 'has steps 10'],
  [{ rate: { ...small.rate, warmup: 2.5 } }, 'has rate.warmup 2.5'],
  [{ label: { epsilon: 0, spread: 'others' } }, 'has label.epsilon 0'],
  [{ mixup: { alpha: 0 } }, 'has mixup.alpha 0'],
  [{ rate: baseline.rate }, 'has rate.schedule "step"'],
])('a recipe without the trick that a row is to add is refused: %j', (fields, message) => {
  expect(() => layOut(6, { ...small, ...fields } as Recipe)).toThrow(message)
})
