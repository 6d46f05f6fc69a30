import { expect, test } from 'vitest'
import { UsageError } from '../command-line'
import { parseRanksOptions } from './options'

test('parseRanksOptions() is the comparison that the documents quote', () => {
  expect(parseRanksOptions([])).toEqual({
    run: { depth: 50, precision: 'float32', size: 64, batch: 16, steps: 6, warmup: 2 },
    mpi: 'Open MPI',
    ranks: [1, 2, 4],
    ways: ['alone', 'handed-over', 'during', 'after', 'sync-bn'],
    pairs: 3,
    json: undefined,
  })
})

test('--ranks and --way may come several times', () => {
  const { ranks, ways } = parseRanksOptions(['--ranks', '2', '--ranks', '8', '--way', 'after'])
  expect({ ranks, ways }).toEqual({ ranks: [2, 8], ways: ['after'] })
})

test.each([
  ['--depth 20', '--depth must be 18 or 34 or 50 or 101 or 152, got 20'],
  ['--ranks 0', '--ranks must be a positive whole number, got 0'],
  ['--way never', '--way must be alone or handed-over or during or after or sync-bn, got never'],
  ['--mpi LAM', '--mpi must be Open MPI or MPICH, got LAM'],
  ['--json nowhere/x.json', '--json: there is no folder nowhere'],
])('parseRanksOptions(%s) is refused: %s', (args, message) => {
  expect(() => parseRanksOptions(args.split(' '))).toThrow(UsageError)
  expect(() => parseRanksOptions(args.split(' '))).toThrow(message)
})
