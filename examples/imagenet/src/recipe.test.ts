import { expect, test } from 'vitest'
import { override } from './recipe'
import { checkRecipe } from './recipe-rules'
import { baseline } from './recipes/baseline'
import { efficient } from './recipes/efficient'
import { findRecipe, recipes } from './recipes/index'
import { refined } from './recipes/refined'
import { learningRate } from './schedule'

test.each(recipes)('recipe $name keeps the rules', (recipe) => {
  expect(() => checkRecipe(recipe)).not.toThrow()
  expect(findRecipe(recipe.name)).toBe(recipe)
})

test('override(recipe, settings) changes one field and leaves the recipe as it was', () => {
  const changed = override(refined, [
    'label.epsilon=0.05',
    'model.variant=B',
    'decay.biases=true',
    'rate.milestones=1,2.5',
  ])
  expect(changed.label).toEqual({ epsilon: 0.05, spread: 'others' })
  expect(changed.model.variant).toBe('B')
  expect(changed.decay.biases).toBe(true)
  expect(changed.rate.milestones).toEqual([1, 2.5])
  expect(refined.label.epsilon).toBe(0.1)
})

test.each([
  ['label.epsilon', '--set takes FIELD=VALUE'],
  ['label=1', 'a recipe has no field label'],
  ['label.epsilon=', 'label.epsilon must be a number, got ""'],
  ['label.epsilon=1,2', 'label.epsilon must be a number'],
  ['decay.biases=yes', 'decay.biases must be a boolean, got "yes"'],
  ['name=mine', 'a recipe has no field name'],
])('override(recipe, [%j]) is refused', (setting, message) => {
  expect(() => override(refined, [setting])).toThrow(message)
})

test.each([
  ['model.depth=77', 'model.depth must be one of 18, 34, 50, 101, 152, got 77'],
  ['images.resize=200', 'images.resize must be a whole number, at least images.size, got 200'],
  ['precision=half', 'precision must be one of float32, bfloat16, float16, got "half"'],
  ['lossScale.initial=0.5', 'lossScale.initial must be from 1 to 2^24, got 0.5'],
  ['images.area=0', 'images.area must be above 0'],
  ['batch=0.5', 'batch must be a whole number'],
  ['rate.milestones=60,30', 'rate.milestones must be numbers of at least 0 that rise, got [60,30]'],
  ['momentum=1', 'momentum must be at least 0 and below 1, got 1'],
  ['distillation.temperature=0', 'distillation.temperature must be above 0, got 0'],
])('checkRecipe refuses %s', (setting, message) => {
  expect(() => checkRecipe(override(refined, [setting]))).toThrow(message)
})

// ImageNet: 1,281,167 images; batch 256 gives 5,004 steps an epoch, batch 1,024 gives 1,251.
test('the baseline’s rate is 0.1, divided by ten after epochs 30, 60 and 90', () => {
  const rate = learningRate(baseline, 120 * 5004, 5004)
  expect([0, 30 * 5004 - 1].map(rate)).toBeClose([0.1, 0.1])
  expect([30, 60, 90].map((epoch) => rate(epoch * 5004))).toBeClose([0.01, 0.001, 0.0001], 1e-12)
})

test('milestones that fall into the same step of a short run are all counted', () => {
  const rate = learningRate(override(baseline, ['rate.milestones=0.9,1.1']), 8, 4)
  expect([3, 4].map(rate)).toBeClose([0.1, 0.001], 1e-12)
})

test('the efficient recipe climbs to 0.1 · 1024/256 = 0.4 in five epochs and drops at epochs 30, 60 and 90', () => {
  const rate = learningRate(efficient, 120 * 1251, 1251)
  // The first of 5 · 1251 = 6255 steps has 0.4/6255.
  expect(rate(0)).toBeClose(0.4 / 6255, 1e-12)
  expect([6254, 30 * 1251 - 1, 30 * 1251, 60 * 1251, 90 * 1251].map(rate)).toBeClose(
    [0.4, 0.4, 0.04, 0.004, 0.0004],
    1e-12,
  )
})

test('the refined recipe is at half its peak halfway between warmup and the end', () => {
  const rate = learningRate(refined, 200 * 1251, 1251)
  expect(rate((5 + 195 / 2) * 1251)).toBeClose(0.2, 1e-4)
  expect(rate(200 * 1251)).toBeClose(0)
})

test('a run shorter than its warmup only climbs', () => {
  const rate = learningRate(efficient, 20, 1251)
  expect(rate(19)).toBeClose(0.4)
  expect(rate(9)).toBeClose(0.2)
})
