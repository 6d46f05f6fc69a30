import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { UsageError } from '../command-line'
import { parseDataOptions } from './options'

test('parseDataOptions(--data FOLDER) is the comparison that the documents quote: 224 px, 2 workers, three augmentations', () => {
  expect(parseDataOptions(['--data', tmpdir()])).toEqual({
    data: tmpdir(),
    augment: ['full', 'crop', 'evaluation'],
    size: 224,
    resize: 256,
    batch: 64,
    workers: 2,
    seconds: 10,
    pairs: 5,
    json: undefined,
  })
})

test.each([
  ['', '--data FOLDER is missing'],
  ['--data nowhere', '--data: there is no folder nowhere'],
  ['--data . --augment blur', '--augment must be full or crop or evaluation, got blur'],
  ['--data . --size 300', '--resize must be at least --size, got 256 and 300'],
  ['--data . --workers 0', '--workers must be a positive whole number, got 0'],
  ['--data . --json nowhere/x.json', '--json: there is no folder nowhere'],
])('parseDataOptions(%s) is refused: %s', (args, message) => {
  const parse = () => parseDataOptions(args.split(' ').filter(Boolean))
  expect(parse).toThrow(UsageError)
  expect(parse).toThrow(message)
})
