import { expect, test } from 'vitest'
import { kdLoss } from './index'

test('kdLoss(value) refuses NaN by name and value', () => {
  expect(() => kdLoss(Number.NaN)).toThrow('value must be a finite number, got NaN')
})
