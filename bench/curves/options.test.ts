import { expect, test } from 'vitest'
import { UsageError } from '../command-line'
import { parseCurvesOptions } from './options'

test('parseCurvesOptions([]) trains 200 steps of 32 pictures of 64 px', () => {
  expect(parseCurvesOptions([])).toMatchObject({ size: 64, batch: 32, steps: 200, data: undefined })
})

test.each([
  ['--size 8', '--size must be at least 32, what ResNet halves five times, got 8'],
  ['--steps none', '--steps must be a positive whole number, got none'],
  ['--data no/such/folder', '--data: there is no folder no/such/folder'],
  ['--svg no/such/folder/x.svg', '--svg: there is no folder no/such/folder'],
])('parseCurvesOptions(%s) is wrong use', (args, message) => {
  expect(() => parseCurvesOptions(args.split(' '))).toThrow(UsageError)
  expect(() => parseCurvesOptions(args.split(' '))).toThrow(message)
})
