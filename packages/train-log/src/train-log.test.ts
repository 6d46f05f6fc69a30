import { expect, test } from 'vitest'
import { trainLog } from './index'

test('trainLog(value) refuses NaN by name and value', () => {
  expect(() => trainLog(Number.NaN)).toThrow('value must be a finite number, got NaN')
})
