import { expect, test } from 'vitest'
import { libtensorflow } from './index'

test('libtensorflow(value) refuses NaN by name and value', () => {
  expect(() => libtensorflow(Number.NaN)).toThrow('value must be a finite number, got NaN')
})
