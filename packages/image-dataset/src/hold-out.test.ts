import { expect, test } from 'vitest'
import { DatasetError, holdOut, type ImageSource, subset } from './index'

/** Sample i is called `i`; classes of 30, 10, 2 and 1 samples, mixed up. */
const sizes = [30, 10, 2, 1]
const labels = sizes
  .flatMap((size, label) => Array<number>(size).fill(label))
  .map((_, i, all) => all[(i * 8) % all.length]!)
const source: ImageSource = {
  classes: ['a', 'b', 'c', 'd'],
  labels,
  length: labels.length,
  name: String,
  read: async (index) => ({ data: Uint8Array.of(index), width: 1, height: 1, channels: 1 }),
}
const names = (part: ImageSource) => Array.from({ length: part.length }, (_, i) => Number(part.name(i)))
const count = (part: ImageSource, label: number) => Array.from(part.labels).filter((other) => other === label).length

test('holdOut(source, 0.1, seed) holds 3 of 30, 1 of 10, 1 of 2 and 0 of 1 back, and loses none', () => {
  const { train, held } = holdOut(source, 0.1, 0)
  expect([0, 1, 2, 3].map((label) => count(held, label))).toEqual([3, 1, 1, 0])
  expect([0, 1, 2, 3].map((label) => count(train, label))).toEqual([27, 9, 1, 1])
  expect([...names(train), ...names(held)].sort((a, b) => a - b)).toEqual(Array.from({ length: 43 }, (_, i) => i))
  expect(train.classes).toEqual(source.classes)
})

test('holdOut holds the same samples back for the same seed, and others for another', () => {
  expect(names(holdOut(source, 0.3, 5).held)).toEqual(names(holdOut(source, 0.3, 5).held))
  expect(names(holdOut(source, 0.3, 5).held)).not.toEqual(names(holdOut(source, 0.3, 6).held))
})

test('holdOut keeps name, label and pixels of a sample together', async () => {
  const { held } = holdOut(source, 0.5, 1)
  for (let i = 0; i < held.length; i++) {
    const index = Number(held.name(i))
    expect(held.labels[i]).toBe(labels[index])
    expect(await held.read(i)).toMatchObject({ data: Uint8Array.of(index) })
  }
})

test('holdOut refuses a share of 0 or 1, and classes of one sample each', () => {
  expect(() => holdOut(source, 0, 1)).toThrow('share must be between 0 and 1, got 0')
  expect(() => holdOut(source, 1, 1)).toThrow('share must be between 0 and 1, got 1')
  expect(() => holdOut(subset(source, [0]), 0.5, 1)).toThrow(DatasetError)
})

test('subset(source, indices) keeps the given order and refuses an index outside', () => {
  expect(names(subset(source, [7, 2, 2]))).toEqual([7, 2, 2])
  expect(() => subset(source, [0, 43])).toThrow('indices[1] must be a whole number in [0, 42], got 43')
  expect(() => subset(source, [0.5])).toThrow('indices[0] must be a whole number in [0, 42], got 0.5')
})
