import { expect, test } from 'vitest'
import { lrScaling } from './index'

test('lrScaling(value) refuses NaN by name and value', () => {
  expect(() => lrScaling(Number.NaN)).toThrow('value must be a finite number, got NaN')
})
