import { expect, test } from 'vitest'
import { countProcessors, pinned } from './processor-share'

test('pinned(ranks, processors) complains where a rank has less than its share of what the launcher has', () => {
  // Two ranks of 16 processors: eight each.
  expect(pinned(2, { own: 1, launcher: 16 })).toBe(
    'the launcher left each of 2 ranks 1 of 16 processors: start them with mpirun --bind-to none',
  )
  expect(pinned(2, { own: 8, launcher: 16 })).toBeUndefined()
  expect(pinned(2, { own: 16, launcher: 16 })).toBeUndefined()
  // More ranks than processors: no share is whole.
  expect(pinned(4, { own: 1, launcher: 2 })).toBeUndefined()
  expect(pinned(2, { own: undefined, launcher: undefined })).toBeUndefined()
})

test('countProcessors(list) reads the lists of Linux', () => {
  expect(countProcessors('0')).toBe(1)
  expect(countProcessors('0-3,8,10-11')).toBe(7)
})
