import { expect, test } from 'vitest'
import { flattened, valueText, words } from './values'

test.each([
  [4 / 3, '4/3'],
  [3 / 4, '0.75'],
  [2 / 3, '2/3'],
  [-1 / 6, '-1/6'],
  [Math.PI, '3.142'],
  [0.1 + 0.2, '0.3'],
  [1e-4, '0.0001'],
  [0.9998, '0.9998'],
  [2026, '2026'],
  [65536, '65,536'],
  [[30, 60, 90], '30, 60, 90'],
  [[3 / 4, 4 / 3], '0.75, 4/3'],
  [[], '–'],
  [null, '–'],
  [false, 'false'],
  ['4/3', '4/3'],
])('valueText(%j) is %s', (value, text) => {
  expect(valueText(value)).toBe(text)
})

test('flattened(values) names fields by their path, and leaves out those that are undefined', () => {
  expect(flattened({ a: { b: { c: 1 }, d: [2] }, e: undefined, f: null })).toEqual([
    ['a.b.c', 1],
    ['a.d', [2]],
    ['f', null],
  ])
})

test('words(path) makes words of a path and leaves abbreviations', () => {
  expect(words('data.imagesPerEpoch')).toBe('data images per epoch')
  expect(words('GPU')).toBe('GPU')
})
