import { expect, test } from 'vitest'
import { meanBox, mirrorBox } from './box'
import { boxBatch } from './box-batch'
import type { LocatedPicture } from './located-pictures'

// Two rows of two pixels, R G B each; the object is the left column.
const picture: LocatedPicture = {
  pixels: Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
  box: [0.25, 0.5, 0.5, 1],
}

test('boxBatch(pictures, size, mirrored) mirrors a picture together with its box', () => {
  const { images, shape, boxes } = boxBatch([picture, picture], 2, (at) => at === 1)
  expect(shape).toEqual([2, 2, 2, 3])
  expect([...images]).toEqual([...picture.pixels, 4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9])
  expect(boxes).toEqual([
    [0.25, 0.5, 0.5, 1],
    [0.75, 0.5, 0.5, 1],
  ])
  expect([...picture.pixels].slice(0, 3)).toEqual([1, 2, 3])
})

test('boxBatch mirrors nothing unless asked', () => {
  expect([...boxBatch([picture], 2).images]).toEqual([...picture.pixels])
})

test('mirrorBox moves the middle alone', () => {
  expect(mirrorBox([0.1, 0.2, 0.3, 0.4])).toEqual([0.9, 0.2, 0.3, 0.4])
})

test('meanBox is the mean of each side', () => {
  const mean = meanBox([
    [0.2, 0.4, 0.2, 0.6],
    [0.4, 0.8, 0.6, 0.4],
  ])
  expect([...mean]).toBeClose([0.3, 0.6, 0.4, 0.5])
})
