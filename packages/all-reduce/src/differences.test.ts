import { expect, test } from 'vitest'
import { differences, listRanks } from './differences'

test('differences(name, values) names each place where ranks differ, and who has what', () => {
  const recipe = (base: number, tricks: string[]) => ({ base, tricks, epochs: 120 })
  expect(
    differences('recipe', [recipe(0.1, ['mixup']), recipe(0.2, ['mixup', 'ema']), recipe(0.1, ['mixup'])]),
  ).toEqual([
    'recipe.base is 0.1 on ranks 0 and 2, 0.2 on rank 1',
    'recipe.tricks[1] is missing on ranks 0 and 2, "ema" on rank 1',
  ])
})

test('differences(name, values) of equal values are none, whatever the order of their keys', () => {
  expect(
    differences('', [
      { a: 1, b: null, c: [] },
      { c: [], b: null, a: 1 },
    ]),
  ).toEqual([])
  expect(differences('seed', [1, '1'])).toEqual(['seed is 1 on rank 0, "1" on rank 1'])
  expect(differences('', [{}, { a: 1 }])).toEqual(['a is missing on rank 0, 1 on rank 1'])
})

test('listRanks(ranks) shortens a long list', () => {
  expect(listRanks([7])).toBe('rank 7')
  expect(listRanks([0, 2, 5])).toBe('ranks 0, 2 and 5')
  expect(listRanks(Array.from({ length: 64 }, (_, i) => i))).toBe('ranks 0, 1, 2, 3 and 60 more')
})
