import { expect, test } from 'vitest'
import { stepSchedule } from './index'

test('stepSchedule(value) refuses NaN by name and value', () => {
  expect(() => stepSchedule(Number.NaN)).toThrow('value must be a finite number, got NaN')
})
