import { expect, test } from 'vitest'
import { checkpoint } from './index'

test('checkpoint(value) refuses NaN by name and value', () => {
  expect(() => checkpoint(Number.NaN)).toThrow('value must be a finite number, got NaN')
})
