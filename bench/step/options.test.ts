import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { UsageError } from '../command-line'
import { parseStepOptions } from './options'

test('parseStepOptions([]) is the step that the documents quote: 224 px, batch 16, float32, 5 pairs', () => {
  expect(parseStepOptions([])).toEqual({
    device: 'cpu',
    precision: 'float32',
    size: 224,
    batch: 16,
    steps: 5,
    warmup: 3,
    pairs: 5,
    without: [],
    json: undefined,
  })
})

test('parseStepOptions(--device gpu) fills the card, and warms up until its convolutions are chosen', () => {
  const { batch, steps, warmup } = parseStepOptions(['--device', 'gpu'])
  expect({ batch, steps, warmup }).toEqual({ batch: 256, steps: 50, warmup: 10 })
  expect(parseStepOptions(['--device', 'gpu', '--batch', '8', '--steps', '2'])).toMatchObject({ batch: 8, steps: 2 })
})

test('parseStepOptions(args) takes every flag', () => {
  const json = join(tmpdir(), 'step.json')
  const flags = '--precision bfloat16 --size 64 --batch 8 --steps 1 --pairs 2 --without stock --without tensorflow'
  expect(parseStepOptions([...flags.split(' '), '--json', json])).toMatchObject({
    ...{ precision: 'bfloat16', size: 64, batch: 8, steps: 1, pairs: 2, without: ['stock', 'tensorflow'], json },
  })
})

test.each([
  ['--size 0', '--size must be a positive whole number, got 0'],
  ['--size 16', '--size must be at least 32, what ResNet halves five times, got 16'],
  ['--batch 1.5', '--batch must be a positive whole number, got 1.5'],
  ['--pairs 1e2', '--pairs must be a positive whole number, got 1e2'],
  ['--steps -1', "Option '--steps' argument is ambiguous"],
  ['--precision half', '--precision must be float32 or bfloat16 or float16, got half'],
  ['--device tpu', '--device must be cpu or gpu, got tpu'],
  ['--without ours', '--without must be native-ops or stock or pytorch or pytorch-compile or tensorflow, got ours'],
  ['--json no/such/folder/x.json', '--json: there is no folder no/such/folder'],
  ['--fast', "Unknown option '--fast'"],
  ['224', "Unexpected argument '224'"],
])('parseStepOptions(%s) is wrong use', (args, message) => {
  expect(() => parseStepOptions(args.split(' '))).toThrow(UsageError)
  expect(() => parseStepOptions(args.split(' '))).toThrow(message)
})
