import { expect, test } from 'vitest'
import { resnetTweaks } from './index'

test('resnetTweaks(value) refuses NaN by name and value', () => {
  expect(() => resnetTweaks(Number.NaN)).toThrow('value must be a finite number, got NaN')
})
