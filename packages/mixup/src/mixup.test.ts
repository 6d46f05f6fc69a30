import { expect, test } from 'vitest'
import { mixup } from './index'

test('mixup(value) refuses NaN by name and value', () => {
  expect(() => mixup(Number.NaN)).toThrow('value must be a finite number, got NaN')
})
