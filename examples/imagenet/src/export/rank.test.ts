import { expect, test } from 'vitest'
import { rank } from '../../page/rank'

test('rank(logits, classes) gives the largest softmaxes, the largest first', () => {
  // e⁰ + e^ln2 + e^ln5 = 1 + 2 + 5
  const guesses = rank(Float32Array.of(0, Math.log(2), Math.log(5)), ['a', 'b', 'c'], 2)
  expect(guesses.map(({ name }) => name)).toEqual(['c', 'b'])
  expect(guesses.map(({ probability }) => probability)).toBeClose([5 / 8, 2 / 8])
})

test('rank(logits, classes) stays finite where e to the power of a logit is not', () => {
  const guesses = rank(Float32Array.of(1000, 1000, -1000), ['a', 'b', 'c'])
  expect(guesses.map(({ probability }) => probability)).toBeClose([0.5, 0.5, 0])
})
