import { expect, test } from 'vitest'
import { noBiasDecay } from './index'

test('noBiasDecay(value) refuses NaN by name and value', () => {
  expect(() => noBiasDecay(Number.NaN)).toThrow('value must be a finite number, got NaN')
})
