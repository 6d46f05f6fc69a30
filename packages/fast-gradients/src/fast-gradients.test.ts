import { expect, test } from 'vitest'
import { fastGradients } from './index'

test('fastGradients(value) refuses NaN by name and value', () => {
  expect(() => fastGradients(Number.NaN)).toThrow('value must be a finite number, got NaN')
})
