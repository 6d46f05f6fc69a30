import { expect, test } from 'vitest'
import { epochOrder } from './index'

test('epochOrder(length, …) holds every index once', () => {
  for (const length of [0, 1, 2, 1000]) {
    const order = epochOrder(length, { seed: 4, epoch: 7 })
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i))
  }
})

test('epochOrder is the same for the same seed and epoch, and another for others', () => {
  const order = epochOrder(50, { seed: 1, epoch: 0 })
  expect(epochOrder(50, { seed: 1, epoch: 0 })).toEqual(order)
  expect(epochOrder(50, { seed: 1, epoch: 1 })).not.toEqual(order)
  expect(epochOrder(50, { seed: 2, epoch: 0 })).not.toEqual(order)
})

test('epochOrder gives each of the six orders of three samples alike', () => {
  const counts = new Map<string, number>()
  for (let epoch = 0; epoch < 6000; epoch++) {
    const order = epochOrder(3, { seed: 9, epoch }).join()
    counts.set(order, (counts.get(order) ?? 0) + 1)
  }
  // 6000/6 = 1000 of each; deviation √(6000 · 1/6 · 5/6) = 28.9, four of them.
  expect(counts.size).toBe(6)
  for (const count of counts.values()) expect(count).toBeClose(1000, 116)
})

test('epochOrder refuses a length, seed or epoch that is not a whole number, by name and value', () => {
  expect(() => epochOrder(1.5, { seed: 0, epoch: 0 })).toThrow('length must be a whole number of at least 0, got 1.5')
  expect(() => epochOrder(1, { seed: -1, epoch: 0 })).toThrow('seed must be a whole number of at least 0, got -1')
  expect(() => epochOrder(1, { seed: 0, epoch: Number.NaN })).toThrow(
    'epoch must be a whole number of at least 0, got NaN',
  )
})
