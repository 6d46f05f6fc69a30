import { expect, test } from 'vitest'
import { UsageError } from '../command-line'
import { parseAllReduceOptions } from './options'

test('parseAllReduceOptions() is the comparison that the documents quote', () => {
  expect(parseAllReduceOptions([])).toEqual({ steps: 20, pairs: 5, json: undefined })
})

test.each([
  ['--steps 0', '--steps must be a positive whole number, got 0'],
  ['--json nowhere/x.json', '--json: there is no folder nowhere'],
])('parseAllReduceOptions(%s) is refused: %s', (args, message) => {
  expect(() => parseAllReduceOptions(args.split(' '))).toThrow(UsageError)
  expect(() => parseAllReduceOptions(args.split(' '))).toThrow(message)
})
