import { expect, test } from 'vitest'
import { lrCallback } from './index'

test('lrCallback(value) refuses NaN by name and value', () => {
  expect(() => lrCallback(Number.NaN)).toThrow('value must be a finite number, got NaN')
})
