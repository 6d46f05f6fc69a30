import { expect, test } from 'vitest'
import { countPairs, mostConfused, worstFirst } from './mistakes'

// Of class 0 three pictures of five are taken for 1, of class 1 two of three for 0 and 2.
const predictions = [
  [0, 1, 2.5],
  [0, 0, 0.1],
  [0, 1, 4],
  [0, 1, 3],
  [0, 0, 0.2],
  [1, 0, 1],
  [1, 2, 5],
  [1, 1, 0.3],
].map(([label, first, loss], index) => {
  return { index, label: label!, classes: [first!, 7], probabilities: [0.6, 0.1], loss: loss! }
})
const indices = (list: readonly { index: number }[]) => list.map(({ index }) => index)

test('worstFirst(predictions) gives mistakes only, the highest loss first', () => {
  expect(indices(worstFirst(predictions))).toEqual([6, 2, 3, 0, 5])
})

test('mostConfused(predictions) counts pairs that come more than once, the most frequent first', () => {
  const again = predictions.map((prediction) => ({ ...prediction, index: prediction.index + 10 }))
  const twice = [...predictions, ...again.filter(({ label }) => label === 1)]
  const pairs = mostConfused(twice).map(({ mistakes, ...pair }) => ({ ...pair, pictures: indices(mistakes) }))
  expect(pairs).toEqual([
    { truth: 0, prediction: 1, of: 5, pictures: [2, 3, 0] },
    // Of the highest loss among those that are as frequent.
    { truth: 1, prediction: 2, of: 6, pictures: [6, 16] },
    { truth: 1, prediction: 0, of: 6, pictures: [5, 15] },
  ])
  expect(mostConfused(predictions)).toHaveLength(1)
})

test('countPairs(predictions, classes) has a row for each true class', () => {
  expect(countPairs(predictions, 3)).toEqual([
    [2, 3, 0],
    [1, 1, 1],
    [0, 0, 0],
  ])
})
