import { expect, test } from 'vitest'
import { parseLeaksOptions } from './bench-leaks'

test('parseLeaksOptions reads precision and steps', () => {
  expect(parseLeaksOptions([])).toEqual({ precision: 'float32', steps: 2000 })
  expect(parseLeaksOptions(['--precision', 'bfloat16', '--steps', '200'])).toEqual({
    precision: 'bfloat16',
    steps: 200,
  })
})

test.each([
  ['--precision float64', '--precision must be float32 or bfloat16, got float64'],
  ['--steps 0', '--steps must be a positive whole number, got 0'],
])('parseLeaksOptions refuses %s', (args, message) => {
  expect(() => parseLeaksOptions(args.split(' '))).toThrow(message)
})
