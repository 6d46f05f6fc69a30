import { expect, test } from 'vitest'
import { cosineSchedule } from './index'

test('cosineSchedule(value) refuses NaN by name and value', () => {
  expect(() => cosineSchedule(Number.NaN)).toThrow('value must be a finite number, got NaN')
})
