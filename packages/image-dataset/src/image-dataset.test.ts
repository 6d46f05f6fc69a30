import { expect, test } from 'vitest'
import { imageDataset } from './index'

test('imageDataset(value) refuses NaN by name and value', () => {
  expect(() => imageDataset(Number.NaN)).toThrow('value must be a finite number, got NaN')
})
