import { expect, test } from 'vitest'
import { zeroGamma } from './index'

test('zeroGamma(value) refuses NaN by name and value', () => {
  expect(() => zeroGamma(Number.NaN)).toThrow('value must be a finite number, got NaN')
})
