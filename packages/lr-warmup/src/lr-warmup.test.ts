import { expect, test } from 'vitest'
import { lrWarmup } from './index'

test('lrWarmup(value) refuses NaN by name and value', () => {
  expect(() => lrWarmup(Number.NaN)).toThrow('value must be a finite number, got NaN')
})
