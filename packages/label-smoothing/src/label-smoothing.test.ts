import { expect, test } from 'vitest'
import { labelSmoothing } from './index'

test('labelSmoothing(value) refuses NaN by name and value', () => {
  expect(() => labelSmoothing(Number.NaN)).toThrow('value must be a finite number, got NaN')
})
